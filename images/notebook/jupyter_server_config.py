"""JupyterLab's settings in this image. Where kernels run is told by JUPYTER_GATEWAY_URL and JUPYTER_GATEWAY_AUTH_TOKEN.

Secrets come from the environment or a file named by it, never from arguments, which every process list shows:

JUPYTER_TOKEN        the token to log in with; empty lets everybody in; unset: a random one, in the log
JUPYTER_TOKEN_FILE   instead, the file that holds it
JUPYTER_PASSWORD     a password to log in with beside the token, hashed as `jupyter server password` does it
"""

import os

c = get_config()  # noqa: F821  (given by the program that reads this file)

c.ServerApp.root_dir = os.environ["HOME"]

# jupyter_server takes an empty JUPYTER_TOKEN for none, and makes a random one.
if os.environ.get("JUPYTER_TOKEN") == "":
    c.IdentityProvider.token = ""

if os.environ.get("JUPYTER_PASSWORD"):
    c.PasswordIdentityProvider.hashed_password = os.environ["JUPYTER_PASSWORD"]
