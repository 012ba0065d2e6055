"""Functions and classes made again from the text of the cell that defined them, for another minor version of Python."""

import ast
import linecache


def made_again(shell, segment):
    """The names that could be made; each definition runs alone, with its decorators, in the notebook's namespace."""
    cells = shell.history_manager.input_hist_parsed
    return [name for name in segment["names"] if _make(shell, name, cells)]


def _make(shell, name, cells):
    for number in range(len(cells) - 1, 0, -1):
        if name not in cells[number]:
            continue
        try:
            tree = ast.parse(cells[number])
        except SyntaxError:
            continue
        for node in reversed(tree.body):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name:
                return _run(shell, node, cells[number])
    return False


def _run(shell, node, text):
    file = "<definition of %s>" % node.name
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    try:
        exec(compile(ast.Module([node], []), file, "exec"), shell.user_ns)
    except Exception as trouble:
        shell.log.warning("%s cannot be made from its source: %s", node.name, trouble)
        return False
    return True
