using k8s.Models;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime.Hollow;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>A hollow node that runs, with an API that a test can look into.</summary>
internal sealed class HollowNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private HollowNode(FakeApi api, RecordedEvents events, NodeAgent agent)
    {
        Api = api;
        Events = events;
        Agent = agent;
        _running = agent.RunAsync(_stop.Token);
    }

    public FakeApi Api { get; }

    public RecordedEvents Events { get; }

    public NodeAgent Agent { get; }

    public HollowRuntime Runtime => (HollowRuntime)Agent.Runtime;

    public static HollowNode Start(TimeProvider? clock = null, HollowRuntime? runtime = null)
    {
        var api = new FakeApi();
        var events = new RecordedEvents();
        var factory = new NodeAgentFactory(api, new EmptyInformers(), events, clock ?? TimeProvider.System, NullLoggerFactory.Instance);
        var options = new NodeAgentOptions { NodeName = TestPods.NodeName, NodeIp = "192.0.2.1", RootDirectory = "/nonexistent" };
        var agent = factory.CreateHollow(options, new NodeFacts { Cpus = 2, Memory = 4L << 30 }, runtime ?? new HollowRuntime("10.128.0", clock ?? TimeProvider.System));
        return new HollowNode(api, events, agent);
    }

    /// <summary>As the API source does.</summary>
    public void Add(V1Pod pod)
    {
        if (Api.Find<V1Pod>(pod.Key()) is null)
        {
            Api.Put(pod);
        }

        Agent.Queue.Add(new SyncEvent.PodUpdated(pod));
    }

    public void Ready() => Agent.Queue.Add(new SyncEvent.SourceReady("api"));

    public Task<V1Pod> WaitAsync(string name, Func<V1Pod, bool> condition) =>
        Wait.ForAsync(() => Api.Find<V1Pod>(new NamespacedName("default", name)) is { } pod && condition(pod) ? pod : null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }
}
