using k8s.Models;

using Microsoft.Extensions.Logging;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Runtime;

/// <summary>A node that runs its pods on the tests' Docker Engine.</summary>
internal sealed class DockerNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private DockerNode(FakeApi api, RecordedEvents events, NodeAgent agent)
    {
        (Api, Events, Agent) = (api, events, agent);
        _running = agent.RunAsync(_stop.Token);
        agent.Queue.Add(new SyncEvent.SourceReady("api"));
    }

    public FakeApi Api { get; }

    public RecordedEvents Events { get; }

    public NodeAgent Agent { get; }

    public static DockerNode Start(DockerEngine engine, FakeApi? api = null, IReadOnlyList<V1Pod>? pods = null)
    {
        api ??= new FakeApi();
        var events = new RecordedEvents();
        var factory = new NodeAgentFactory(api, new EmptyInformers(), events, TimeProvider.System, LoggerFactory.Create(builder => builder.AddProvider(new OutputLoggers(TestContext.Current.TestOutputHelper))));
        var options = new NodeAgentOptions
        {
            NodeName = TestPods.NodeName,
            NodeIp = "192.0.2.1",
            RootDirectory = Path.Combine(engine.Directory, "kubelet"),
            ClusterDns = ["10.96.0.10"],
            NetworkNamespace = engine.NetworkNamespace,
        };
        var agent = factory.CreateDocker(options, MachineFacts.Read(options.RootDirectory), engine.Endpoint);
        foreach (var pod in pods ?? [])
        {
            agent.Queue.Add(new SyncEvent.PodUpdated(pod));
        }

        return new DockerNode(api, events, agent);
    }

    public void Add(V1Pod pod)
    {
        Api.Put(pod);
        Agent.Queue.Add(new SyncEvent.PodUpdated(pod));
    }

    public async Task DeleteAsync(V1Pod pod, long grace = 1)
    {
        var deleted = Api.Change<V1Pod>(pod.Key(), current => current.Deleted(grace));
        Agent.Queue.Add(new SyncEvent.PodUpdated(deleted));
        await Wait.UntilAsync(() => Task.FromResult(Api.Deletions.Any(deletion => deletion.Key == pod.Key())));
        Agent.Queue.Add(new SyncEvent.PodRemoved(deleted));
    }

    public async Task<V1Pod> WaitAsync(string name, Func<V1Pod, bool> condition)
    {
        try
        {
            return await Wait.ForAsync(() => Api.Find<V1Pod>(new NamespacedName("default", name)) is { } pod && condition(pod) ? pod : null);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{string.Join('\n', Events.All)}\n{k8s.KubernetesYaml.Serialize(Api.Find<V1Pod>(new NamespacedName("default", name))?.Status)}");
        }
    }

    /// <summary>What a container wrote, once it is what is waited for.</summary>
    public async Task<string> LogAsync(V1Pod pod, string container = "app", Kubelet.Runtime.LogOptions? options = null)
    {
        var status = await Agent.Runtime.GetPodAsync(pod.Metadata.Uid, TestContext.Current.CancellationToken);
        using var log = new MemoryStream();
        await Agent.Runtime.CopyLogsAsync(status.Container(container)!.Id, options ?? new Kubelet.Runtime.LogOptions(), log, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(log.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }
}
