// Uses a gateway through @jupyterlab/services, as JupyterLab's frontend and VS Code do, without a jupyter_server
// between them. Arguments: the gateway's URL and its token. Ends with an assertion where something is not as promised.

import assert from 'node:assert/strict';
import services from '@jupyterlab/services';
import WebSocket from 'ws';

const { KernelManager, KernelSpecManager, ServerConnection, SessionManager } = services;
const [baseUrl, token] = process.argv.slice(2);
const PATIENCE = 90_000;

const serverSettings = ServerConnection.makeSettings({
  baseUrl: baseUrl.replace(/\/?$/, '/'),
  wsUrl: baseUrl.replace(/^http/, 'ws').replace(/\/?$/, '/'),
  token,
  appendToken: true,
  WebSocket,
  fetch,
});

function soon(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited too long for ${what}`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Resolves when a signal of the library brings what `wanted` says.
function signaled(signal, wanted, what) {
  return soon(
    new Promise((resolve) => {
      const slot = (_, value) => {
        if (wanted(value)) {
          signal.disconnect(slot);
          resolve(value);
        }
      };
      signal.connect(slot);
    }),
    what,
  );
}

// Runs a cell; answers its printed text and its reply.
async function run(kernel, code, { onText = () => {}, answer } = {}) {
  let text = '';
  const future = kernel.requestExecute({ code, allow_stdin: answer !== undefined });
  future.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') {
      text += message.content.text;
      onText(text);
    }
  };
  future.onStdin = (message) => {
    assert.equal(message.header.msg_type, 'input_request');
    kernel.sendInputReply({ status: 'ok', value: answer }, message.header);
  };
  const reply = await soon(future.done, `the end of ${JSON.stringify(code)}`);
  return { text, reply: reply.content };
}

async function json(path) {
  const response = await ServerConnection.makeRequest(serverSettings.baseUrl + path, {}, serverSettings);
  assert.equal(response.status, 200, path);
  return response.json();
}

const steps = {
  async 'what VS Code asks first is answered'() {
    const status = await json('api/status');
    assert.equal(typeof status.kernels, 'number');
    assert.equal(typeof status.connections, 'number');
    assert.equal(typeof status.started, 'string');
    assert.equal(typeof status.last_activity, 'string');
    const me = await json('api/me');
    assert.equal(typeof me.identity.username, 'string');
    assert.equal(typeof me.permissions, 'object');
    for (const absent of ['api/contents', 'api/terminals']) {
      const response = await ServerConnection.makeRequest(serverSettings.baseUrl + absent, {}, serverSettings);
      assert.equal(response.status, 404, absent);
    }
  },

  async 'kernelspecs are listed'({ specs }) {
    await soon(specs.ready, 'kernelspecs');
    assert.equal(specs.specs.kernelspecs.python3.language, 'python');
  },

  async 'a session has a kernel that runs code'(state) {
    state.session = await soon(
      state.sessions.startNew({
        name: 'a.ipynb',
        path: 'folder/a.ipynb',
        type: 'notebook',
        kernel: { name: 'python3' },
      }),
      'a session',
    );
    state.kernel = state.session.kernel;
    const info = await soon(state.kernel.info, 'the kernel');
    assert.equal(info.language_info.name, 'python');
    const { text, reply } = await run(state.kernel, 'x = 41\nprint("hello")');
    assert.equal(text, 'hello\n');
    assert.equal(reply.status, 'ok');
  },

  async 'the session is found again by its path'({ sessions, session }) {
    await sessions.refreshRunning();
    const found = await sessions.findByPath('folder/a.ipynb');
    assert.equal(found.id, session.id);
    assert.equal(found.kernel.id, session.kernel.id);
    await session.setPath('folder/b.ipynb');
    await sessions.refreshRunning();
    assert.equal((await sessions.findByPath('folder/b.ipynb')).id, session.id);
  },

  async 'a question is answered'({ kernel }) {
    const { text } = await run(kernel, 'print("hello", input("name?"))', { answer: 'Ada' });
    assert.match(text, /hello Ada\n$/);
  },

  async 'a comm carries data and buffers both ways'({ kernel }) {
    await run(
      kernel,
      [
        'def opened(comm, message):',
        '    comm.on_msg(lambda m: comm.send(m["content"]["data"], buffers=[bytes(b) for b in m["buffers"]]))',
        'get_ipython().kernel.comm_manager.register_target("echo", opened)',
      ].join('\n'),
    );
    // The library gives each comm target a subshell of the kernel and deletes it over the control channel right behind
    // the last comm's close, which ipykernel may then never hear: two channels have no order. A second comm holds it.
    kernel.createComm('echo');
    const comm = kernel.createComm('echo');
    await soon(comm.subshellStarted, 'a subshell');
    const echoed = soon(new Promise((resolve) => (comm.onMsg = resolve)), 'the echo of a comm');
    await soon(comm.open({}).done, 'the opening of a comm');
    comm.send({ number: 7 }, {}, [new Uint8Array([1, 2, 255]).buffer]);
    const message = await echoed;
    assert.deepEqual(message.content.data, { number: 7 });
    assert.deepEqual([...new Uint8Array(message.buffers[0].buffer ?? message.buffers[0])].slice(-3), [1, 2, 255]);
    await soon(comm.close().done, 'the closing of a comm');
  },

  async 'a sleeping cell is interrupted'({ kernel }) {
    let asleep;
    const sleeping = new Promise((resolve) => (asleep = resolve));
    const cell = run(kernel, 'import time\nprint("asleep", flush=True)\ntime.sleep(600)', { onText: asleep });
    await soon(sleeping, 'the cell to sleep');
    await kernel.interrupt();
    assert.equal((await cell).reply.ename, 'KeyboardInterrupt');
  },

  async 'a lost connection loses no output and no reply'({ kernel }) {
    const count = 40;
    let lost = false;
    const connected = signaled(kernel.connectionStatusChanged, (status) => status === 'connected', 'the connection');
    const { text, reply } = await run(
      kernel,
      `import time\nfor n in range(${count}):\n    print(n, flush=True)\n    time.sleep(0.1)`,
      {
        onText: () => {
          if (!lost) {
            lost = true;
            // The library keeps its socket to itself; this is what a cut cable does to it.
            kernel._ws.terminate();
          }
        },
      },
    );
    await connected;
    assert.equal(reply.status, 'ok');
    assert.equal(text, Array.from({ length: count }, (_, n) => `${n}\n`).join(''));
  },

  async 'a second client at the same kernel sees what it prints'({ kernel, kernels }) {
    const second = kernels.connectTo({ model: kernel.model });
    await soon(second.info, 'the second connection');
    const seen = signaled(
      second.anyMessage,
      ({ direction, msg }) => direction === 'recv' && msg.content.text === 'for all\n',
      'the output at the second client',
    );
    await run(kernel, 'print("for all")');
    await seen;
    second.dispose();
  },

  async 'a restarted kernel has the same id and no variables'({ kernel }) {
    const before = kernel.id;
    assert.equal((await run(kernel, 'print(x + 1)')).text, '42\n');
    await soon(kernel.restart(), 'the restart');
    assert.equal(kernel.id, before);
    assert.equal((await run(kernel, 'print(x + 1)')).reply.ename, 'NameError');
  },

  async 'a session that is shut down takes its kernel along'({ kernels, sessions, session, kernel }) {
    const id = kernel.id;
    await session.shutdown();
    await kernels.refreshRunning();
    assert.ok(![...kernels.running()].some((model) => model.id === id));
    await sessions.refreshRunning();
    assert.equal([...sessions.running()].length, 0);
  },
};

const kernels = new KernelManager({ serverSettings });
const state = {
  kernels,
  sessions: new SessionManager({ serverSettings, kernelManager: kernels }),
  specs: new KernelSpecManager({ serverSettings }),
};
for (const [name, step] of Object.entries(steps)) {
  await step(state);
  console.log(`ok: ${name}`);
}
console.log(`all ${Object.keys(steps).length} steps are well`);
// The managers poll for ever.
process.exit(0);
