// Every type of patch, each with its own Content-Type.
import assert from 'node:assert/strict';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = process.env.NAMESPACE;
const core = config.makeApiClient(k8s.CoreV1Api);
const apps = config.makeApiClient(k8s.AppsV1Api);
const as = (type) => k8s.setHeaderOptions('Content-Type', type);

await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'patched' }, data: { a: '1', b: '2' } } });
const patch = async (type, body, more = {}) =>
  (await core.patchNamespacedConfigMap({ namespace, name: 'patched', body, ...more }, as(type))).data;

assert.deepEqual(await patch(k8s.PatchStrategy.JsonPatch, [{ op: 'replace', path: '/data/a', value: '3' }]), { a: '3', b: '2' });
assert.deepEqual(await patch(k8s.PatchStrategy.MergePatch, { data: { b: null, c: '4' } }), { a: '3', c: '4' });
assert.deepEqual(await patch(k8s.PatchStrategy.StrategicMergePatch, { data: { d: '5' } }), { a: '3', c: '4', d: '5' });

const containers = [{ name: 'main', image: 'nginx:1' }];
const body = { metadata: { name: 'patched' }, spec: { replicas: 0, selector: { matchLabels: { app: 'p' } }, template: { metadata: { labels: { app: 'p' } }, spec: { containers } } } };
await apps.createNamespacedDeployment({ namespace, body });
const second = { spec: { template: { spec: { containers: [{ name: 'second', image: 'busybox:1' }] } } } };
const merged = await apps.patchNamespacedDeployment({ namespace, name: 'patched', body: second }, as(k8s.PatchStrategy.StrategicMergePatch));
assert.deepEqual(merged.spec.template.spec.containers.map((container) => container.name).sort(), ['main', 'second']);

// Server-side apply: creates, owns, and takes back what is not applied any more.
const applied = (data) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data });
const apply = (data, fieldManager, force) =>
  core.patchNamespacedConfigMap({ namespace, name: 'applied', body: applied(data), fieldManager, force }, as(k8s.PatchStrategy.ServerSideApply));
assert.deepEqual((await apply({ a: '1', b: '2' }, 'one')).data, { a: '1', b: '2' });
assert.deepEqual((await apply({ a: '1' }, 'one')).data, { a: '1' });
const conflict = await apply({ a: '2' }, 'two').then(() => assert.fail('no conflict'), (error) => error);
assert.equal(conflict.code, 409);
assert.match(JSON.parse(conflict.body).message, /^Apply failed with 1 conflict: conflict with "one": \.data\.a$/);
const forced = await apply({ a: '2' }, 'two', true);
assert.deepEqual(forced.data, { a: '2' });
assert.deepEqual(forced.metadata.managedFields.map((entry) => `${entry.manager} ${entry.operation}`), ['two Apply']);
