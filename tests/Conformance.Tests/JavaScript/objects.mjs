// Create, read, list, replace and delete with the typed API: answers are typed objects, errors carry a Status.
import assert from 'node:assert/strict';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = process.env.NAMESPACE;
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);

const version = await config.makeApiClient(k8s.VersionApi).getCode();
assert.equal(version.gitVersion, 'v1.34.0');

const created = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one', labels: { app: 'objects' } }, data: { a: '1' } } });
assert.ok(created.metadata.uid);
assert.ok(created.metadata.creationTimestamp instanceof Date);
await core.createNamespacedConfigMap({ namespace, body: { metadata: { generateName: 'more-', labels: { app: 'objects' } } } });

const all = await core.listNamespacedConfigMap({ namespace, labelSelector: 'app=objects' });
assert.equal(all.items.length, 2);
assert.equal(all.kind, 'ConfigMapList');
const page = await core.listNamespacedConfigMap({ namespace, labelSelector: 'app=objects', limit: 1 });
assert.equal(page.items.length, 1);
const rest = await core.listNamespacedConfigMap({ namespace, labelSelector: 'app=objects', limit: 1, _continue: page.metadata._continue });
assert.equal(rest.items.length, 1);
assert.notEqual(rest.items[0].metadata.name, page.items[0].metadata.name);
const selected = await core.listNamespacedConfigMap({ namespace, fieldSelector: 'metadata.name=one' });
assert.deepEqual(selected.items.map((item) => item.metadata.name), ['one']);

created.data.a = '2';
const replaced = await core.replaceNamespacedConfigMap({ namespace, name: 'one', body: created });
assert.equal(replaced.data.a, '2');

// The same version once more: somebody was faster.
await fails(core.replaceNamespacedConfigMap({ namespace, name: 'one', body: created }), 409, 'Conflict');
await fails(core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one' } } }), 409, 'AlreadyExists');
await fails(core.readNamespacedConfigMap({ namespace, name: 'nosuch' }), 404, 'NotFound');
await fails(core.createNamespacedPod({ namespace, body: { metadata: { name: 'wrong' }, spec: { containers: [] } } }), 422, 'Invalid');

const dry = await core.createNamespacedConfigMap({ namespace, dryRun: 'All', body: { metadata: { name: 'dry' } } });
assert.equal(dry.metadata.name, 'dry');
await fails(core.readNamespacedConfigMap({ namespace, name: 'dry' }), 404, 'NotFound');

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'nginx:1' }] } };
await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'web' }, spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template } } });
const scale = await apps.readNamespacedDeploymentScale({ namespace, name: 'web' });
assert.equal(scale.spec.replicas, undefined, 'a size of nothing is not written');
scale.spec.replicas = 1;
// Without the version that was read: the controller may have written since.
delete scale.metadata.resourceVersion;
assert.equal((await apps.replaceNamespacedDeploymentScale({ namespace, name: 'web', body: scale })).spec.replicas, 1);

const deletion = await core.deleteNamespacedConfigMap({ namespace, name: 'one' });
assert.equal(deletion.status, 'Success');
assert.equal(deletion.details.name, 'one');
await core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'app=objects' });
assert.equal((await core.listNamespacedConfigMap({ namespace, labelSelector: 'app=objects' })).items.length, 0);
await apps.deleteNamespacedDeployment({ namespace, name: 'web', body: { propagationPolicy: 'Foreground' } });

async function fails(request, code, reason) {
  const error = await request.then(() => assert.fail(`no ${reason}`), (caught) => caught);
  assert.equal(error.code, code, String(error));
  assert.equal(JSON.parse(error.body).reason, reason);
}
