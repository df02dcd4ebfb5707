// Exec, port-forward and logs against the pod "box" with the container "main".
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = process.env.NAMESPACE;
const [pod, container] = ['box', 'main'];

class Collector extends Writable {
  chunks = [];
  _write(chunk, _encoding, done) {
    this.chunks.push(chunk);
    done();
  }
  get bytes() {
    return Buffer.concat(this.chunks);
  }
  get text() {
    return this.bytes.toString();
  }
}

/** Runs a command to its end; input is everything that it hears. */
async function exec(command, input = null, tty = false, onOpen = () => {}) {
  const out = new Collector();
  const error = new Collector();
  const stdin = input === null ? null : new PassThrough();
  const status = await new Promise((resolve, reject) => {
    new k8s.Exec(config)
      .exec(namespace, pod, container, command, out, tty ? null : error, stdin, tty, resolve)
      .then((socket) => {
        socket.on('error', reject);
        onOpen(socket, stdin);
        stdin?.end(input);
      }, reject);
  });
  return { out, error, status };
}

const simple = await exec(['sh', '-c', 'echo out; echo err >&2']);
assert.equal(simple.out.text, 'out\n');
assert.equal(simple.error.text, 'err\n');
assert.equal(simple.status.status, 'Success');
console.log('exec');

const failed = await exec(['sh', '-c', 'exit 42']);
assert.equal(failed.status.reason, 'NonZeroExitCode');
assert.deepEqual(failed.status.details.causes, [{ reason: 'ExitCode', message: '42' }]);
console.log('exit code');

const missing = await exec(['nosuch']);
assert.equal(missing.status.reason, 'InternalError');
assert.match(missing.status.message, /executable file not found in \$PATH/);
console.log('not found');

const data = randomBytes(3 * 1024 * 1024);
const echoed = await exec(['cat'], data);
assert.equal(createHash('sha256').update(echoed.out.bytes).digest('hex'), createHash('sha256').update(data).digest('hex'));
console.log('binary, and the end of input');

const terminal = await exec(['sh', '-c', 'sleep 1; stty size'], '', true, (socket) => {
  socket.send(Buffer.concat([Buffer.from([4]), Buffer.from(JSON.stringify({ Width: 77, Height: 33 }))]));
});
assert.match(terminal.out.text, /33 77/);
console.log('terminal');

const forward = new k8s.PortForward(config);
const server = net.createServer((socket) => forward.portForward(namespace, pod, [8081], socket, null, socket));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const page = await fetch(`http://127.0.0.1:${server.address().port}/group`, { headers: { connection: 'close' } });
assert.equal(await page.text(), 'root:x:0:\n');
server.close();
console.log('port-forward');

const log = new Collector();
const followed = await new k8s.Log(config).log(namespace, pod, container, log, { tailLines: 1, follow: true });
while (log.text === '') {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
followed.abort();
assert.equal(log.text, 'started\n');
console.log('log');

process.exit(0);
