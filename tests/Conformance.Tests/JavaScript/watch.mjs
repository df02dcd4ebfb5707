// A watch sees every change once, in order, and ends when it is told to.
import assert from 'node:assert/strict';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = process.env.NAMESPACE;
const core = config.makeApiClient(k8s.CoreV1Api);
const path = `/api/v1/namespaces/${namespace}/configmaps`;

const before = await core.listNamespacedConfigMap({ namespace, labelSelector: 'app=watch' });
const seen = [];
let wake = () => {};
const watch = await new k8s.Watch(config).watch(
  path,
  { labelSelector: 'app=watch', resourceVersion: before.metadata.resourceVersion, allowWatchBookmarks: true },
  (type, object) => { if (type !== 'BOOKMARK') seen.push(`${type} ${object.metadata.name} ${object.data?.a}`); wake(); },
  (error) => { assert.equal(error?.name ?? 'AbortError', 'AbortError'); });

const body = (name, a, app = 'watch') => ({ metadata: { name, labels: { app } }, data: { a } });
await core.createNamespacedConfigMap({ namespace, body: body('w1', '1') });
await core.createNamespacedConfigMap({ namespace, body: body('other', '1', 'other') });
await core.replaceNamespacedConfigMap({ namespace, name: 'w1', body: body('w1', '2') });
// An object that leaves the selection is deleted for whoever watches it, as it was, and one that enters is new.
await core.replaceNamespacedConfigMap({ namespace, name: 'w1', body: body('w1', '3', 'gone') });
await core.replaceNamespacedConfigMap({ namespace, name: 'w1', body: body('w1', '4') });
await core.deleteNamespacedConfigMap({ namespace, name: 'w1' });

while (seen.length < 5) {
  await new Promise((resolve) => { wake = resolve; });
}
assert.deepEqual(seen, ['ADDED w1 1', 'MODIFIED w1 2', 'DELETED w1 2', 'ADDED w1 4', 'DELETED w1 4']);
watch.abort();
