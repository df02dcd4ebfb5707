// An informer, as its README tells to use it: what happens while the server is away is seen afterwards. Ends once it has seen the config map "after".
import * as k8s from '@kubernetes/client-node';

const config = new k8s.KubeConfig();
config.loadFromDefault();
const namespace = process.env.NAMESPACE;
const core = config.makeApiClient(k8s.CoreV1Api);
const labelSelector = 'app=informer';
const list = () => core.listNamespacedConfigMap({ namespace, labelSelector });
const informer = k8s.makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list, labelSelector);

informer.on('add', (object) => {
  console.log('add', object.metadata.name);
  if (object.metadata.name === 'before') {
    // Tells the test that the informer is at work.
    core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'working' } } });
  }
  if (object.metadata.name === 'after') {
    console.log('cache', informer.list(namespace).map((each) => each.metadata.name).sort().join(' '));
    process.exit(0);
  }
});
informer.on('update', (object) => console.log('update', object.metadata.name, object.data?.a));
informer.on('delete', (object) => console.log('delete', object.metadata.name));
informer.on('error', () => setTimeout(start, 200));

function start() {
  informer.start().catch(() => setTimeout(start, 200));
}

start();
