// Objects of any kind, found by discovery; and APIs that are not there.
import assert from 'node:assert/strict';
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = process.env.NAMESPACE;
const objects = k8s.KubernetesObjectApi.makeApiClient(config);
const metadata = { name: 'generic', namespace };

const secret = await objects.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: 'me' } });
assert.equal(secret.data.password, Buffer.from('me').toString('base64'));
const ingress = await objects.create({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } });
assert.equal(ingress.spec.defaultBackend.service.port.number, 80);

const patched = await objects.patch({ apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, labels: { a: 'b' } } }, undefined, undefined, undefined, undefined, k8s.PatchStrategy.MergePatch);
assert.deepEqual(patched.metadata.labels, { a: 'b' });
const applied = await objects.patch({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } }, undefined, undefined, 'tests', true, k8s.PatchStrategy.ServerSideApply);
assert.deepEqual(applied.data, { a: '1' });

const listed = await objects.list('v1', 'Secret', namespace, undefined, undefined, undefined, undefined, 'a=b');
assert.deepEqual(listed.items.map((item) => item.metadata.name), ['generic']);
const read = await objects.read({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata });
read.metadata.annotations = { note: 'x' };
assert.equal((await objects.replace(read)).metadata.annotations.note, 'x');
assert.equal((await objects.delete({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata })).status, 'Success');

const custom = config.makeApiClient(k8s.CustomObjectsApi);
const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'generic' }, spec: { holderIdentity: 'me' } };
await custom.createNamespacedCustomObject({ group: 'coordination.k8s.io', version: 'v1', namespace, plural: 'leases', body: lease });
const leases = await custom.listNamespacedCustomObject({ group: 'coordination.k8s.io', version: 'v1', namespace, plural: 'leases' });
assert.equal(leases.items[0].spec.holderIdentity, 'me');

const metrics = await new k8s.Metrics(config).getNodeMetrics();
assert.equal(metrics.kind, 'NodeMetricsList');
const missing = await custom.listClusterCustomObject({ group: 'nobody.example.com', version: 'v1', plural: 'things' }).then(() => assert.fail('there are things'), (error) => error);
assert.equal(missing.code, 404, String(missing));
const review = await config.makeApiClient(k8s.AuthorizationV1Api).createSelfSubjectAccessReview({ body: { spec: { resourceAttributes: { verb: 'create', resource: 'pods', namespace } } } });
assert.equal(review.status.allowed, true);
