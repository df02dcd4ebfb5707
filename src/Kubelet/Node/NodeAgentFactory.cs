using k8s.Models;

using MiniKube.Client;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Runtime.Docker;
using MiniKube.Kubelet.Runtime.Hollow;
using MiniKube.Kubelet.Sources;
using MiniKube.Kubelet.Stats;
using MiniKube.Kubelet.Status;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Node;

/// <summary>Puts nodes together: the one place that knows which part needs which.</summary>
internal sealed class NodeAgentFactory(
    IObjectClient client, IInformerFactory informers, IEventRecorder events, TimeProvider clock, ILoggerFactory loggers)
{
    public NodeAgent CreateHollow(NodeAgentOptions options, NodeFacts facts, HollowRuntime runtime)
    {
        var environment = new HollowPodEnvironment();
        return Create(options, facts, runtime, environment, environment, _ => new HollowProber(), null);
    }

    public NodeAgent CreateDocker(NodeAgentOptions options, NodeFacts facts, Uri endpoint)
    {
        var network = new NodeNetwork(options.NetworkNamespace);
        var runtime = new DockerRuntime(new DockerConnection(endpoint, new DockerLimits()), options.PodInfraContainerImage, new DockerParameters(facts.LowestOomScore), clock);
        var objects = new ReferencedObjects(client);
        var downwardApi = new DownwardApi(options, facts);
        var directory = new NodeDirectory(options.RootDirectory);
        var volumes = new PodVolumes(directory, new PayloadReader(objects, downwardApi, new ServiceAccountTokens(client, clock)), new ClaimedVolumes(objects), clock);
        var variables = new ContainerEnvironment(objects, downwardApi, informers.Get<V1Service>());
        var environment = new NodePodEnvironment(options, facts, volumes, variables, new ContainerMounts(options, directory, volumes), new RuntimeHandlers(objects), new HostPorts(network));
        return Create(options, facts, runtime, environment, new PullSecrets(objects), http => new Prober(runtime, http, new GrpcProber(network), network, options.NodeIp, events), volumes.PathOf);
    }

    private NodeAgent Create(
        NodeAgentOptions options,
        NodeFacts facts,
        IContainerRuntime runtime,
        IPodEnvironment environment,
        IPullSecrets pullSecrets,
        Func<HttpProber, IProber> prober,
        Func<V1Pod, V1Volume, string>? volumePath)
    {
        var queue = new SyncQueue();
        var pods = new PodManager();
        var waits = new ContainerWaits();
        var health = new RuntimeHealth();
        var network = new NodeNetwork(options.NetworkNamespace);
        var statuses = new StatusManager(client, pods, clock, loggers.CreateLogger<StatusManager>());
        var probes = new ProbeManager(prober(new HttpProber(network)), queue, clock);
        var puller = new ImagePuller(runtime.Images, events, pullSecrets, new BackOff(clock), clock);
        var hooks = new LifecycleHooks(runtime, new HttpProber(network, isHook: true), options.NodeIp, events, clock);
        var starter = new ContainerStarter(runtime, environment, puller, hooks, waits, events, new BackOff(clock));
        var admission = new PodAdmission(pods, statuses, options, facts);
        var resizer = new PodResizer(runtime, admission, events);
        var generator = new PodStatusGenerator(runtime.Name, options.NodeIp, probes, waits, resizer);
        var reporter = new PodReporter(runtime, generator, statuses, probes, events, clock);
        var sandboxes = new PodSandboxes(runtime, environment, starter, probes, events, clock);
        var syncer = new PodSyncer(runtime, environment, admission, resizer, sandboxes, starter, reporter, statuses, probes, events, clock);
        var workers = new PodWorkers(syncer, clock, loggers.CreateLogger<PodWorker>());
        var hasStaticPods = options.StaticPodPath.Length > 0;
        HashSet<string> sources = hasStaticPods ? [PodDispatcher.Source, StaticPodSource.Source] : [PodDispatcher.Source];
        return new NodeAgent(
            options,
            runtime,
            pods,
            statuses,
            queue,
            new SyncLoop(queue, workers, pods, statuses, environment, sources),
            new PodLifecycleEventGenerator(runtime, queue, health, clock, loggers.CreateLogger<PodLifecycleEventGenerator>()),
            probes,
            new NodeReporter(options, facts, runtime, health, client, events, clock, loggers.CreateLogger<NodeReporter>()),
            new NodeLease(options.NodeName, client, clock, loggers.CreateLogger<NodeLease>()),
            hasStaticPods ? new StaticPodSource(options.StaticPodPath, options.NodeName, queue, clock, loggers.CreateLogger<StaticPodSource>()) : null,
            hasStaticPods
                ? new MirrorPods(client, pods, informers.Get<V1Node>(fieldSelector: $"metadata.name={options.NodeName}"), options.NodeName, clock, loggers.CreateLogger<MirrorPods>())
                : null,
            new NodeStats(runtime, pods, options, facts, volumePath, clock));
    }
}
