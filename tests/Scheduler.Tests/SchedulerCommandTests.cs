using k8s.Models;

using Microsoft.Extensions.DependencyInjection;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.TestSupport;

namespace MiniKube.Scheduler.Tests;

/// <summary>The whole scheduler against a real API server.</summary>
public sealed class SchedulerCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private TestApiServer? _server;
    private ServiceProvider? _services;
    private Task<int> _scheduler = Task.FromResult(0);

    private IObjectClient Client => _services!.GetRequiredService<IObjectClient>();

    public async ValueTask InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _services = new ServiceCollection().AddLogging().AddKubernetesClient(_server.Kubeconfig, "test").BuildServiceProvider();
        _scheduler = SchedulerCommand.Create()
            .Parse(["--kubeconfig", await _server.KubeconfigOfAsync("system:kube-scheduler"), "--secure-port", "0"])
            .InvokeAsync(cancellationToken: _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _scheduler;
        await _services!.DisposeAsync();
        await _server!.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Pod_ThatFits_IsBoundAndSaidSo()
    {
        await AddNodeAsync("n1", "4");

        await AddPodAsync(Make.Pod("a", "1"));

        var pod = await PodAsync("a", pod => !string.IsNullOrEmpty(pod.Spec.NodeName));
        Assert.Equal("n1", pod.Spec.NodeName);
        Assert.Equal("Successfully assigned default/a to n1", (await EventAsync("a", "Scheduled")).Message);
        Assert.Contains(pod.Status.Conditions, condition => condition is { Type: "PodScheduled", Status: "True" });
    }

    [Fact]
    public async Task Pod_ThatFitsNowhere_SaysWhyUntilANodeComes()
    {
        const string Why = "0/1 nodes are available: 1 Insufficient cpu. "
            + "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
        await AddNodeAsync("small", "1");
        await AddPodAsync(Make.Pod("a", "2"));

        var waiting = await PodAsync("a", pod => pod.Status.Conditions?.Any(condition => condition.Reason == "Unschedulable") == true);
        var condition = Assert.Single(waiting.Status.Conditions, condition => condition.Type == "PodScheduled");
        Assert.Equal(("False", Why), (condition.Status, condition.Message));
        var @event = await EventAsync("a", "FailedScheduling");
        Assert.Equal(("Warning", Why), (@event.Type, @event.Message));

        await AddNodeAsync("large", "4");

        Assert.Equal("large", (await PodAsync("a", pod => !string.IsNullOrEmpty(pod.Spec.NodeName))).Spec.NodeName);
    }

    [Fact]
    public async Task Pod_OfHigherPriority_MakesRoom()
    {
        await AddNodeAsync("n1", "1");
        await AddPodAsync(Make.Pod("low", "1"));
        await PodAsync("low", pod => !string.IsNullOrEmpty(pod.Spec.NodeName));
        await Client.CreateAsync(
            new V1PriorityClass { ApiVersion = "scheduling.k8s.io/v1", Kind = "PriorityClass", Metadata = new V1ObjectMeta { Name = "high" }, Value = 1000 },
            TestContext.Current.CancellationToken);
        var high = Make.Pod("high", "1", priority: 1000);
        high.Spec.PriorityClassName = "high";
        await AddPodAsync(high);

        var nominated = await PodAsync("high", pod => !string.IsNullOrEmpty(pod.Status.NominatedNodeName));
        Assert.Equal("n1", nominated.Status.NominatedNodeName);
        var victim = await PodAsync("low", pod => pod.Metadata.DeletionTimestamp is not null);
        Assert.Contains(victim.Status.Conditions, condition => condition is { Type: "DisruptionTarget", Reason: "PreemptionByScheduler" });

        // As the kubelet does when it has stopped.
        await Client.DeleteAsync<V1Pod>(victim.Key(), new V1DeleteOptions { GracePeriodSeconds = 0 }, TestContext.Current.CancellationToken);
        Assert.Equal("n1", (await PodAsync("high", pod => !string.IsNullOrEmpty(pod.Spec.NodeName))).Spec.NodeName);
    }

    [Fact]
    public async Task Pods_ManyAtOnce_AllAreBoundAndNoNodeIsOverfull()
    {
        for (var i = 0; i < 10; i++)
        {
            await AddNodeAsync($"n{i}", "4");
        }

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 100), TestContext.Current.CancellationToken, async (i, _) => await AddPodAsync(Make.Pod($"p{i}", "400m")));

        var pods = await Eventually.GetAsync(
            async cancellation => (await Client.ListAsync<V1Pod>(new ListQuery("default"), cancellation)).Items,
            pods => pods.All(pod => !string.IsNullOrEmpty(pod.Spec.NodeName)),
            Soon,
            TestContext.Current.CancellationToken);
        Assert.All(pods.CountBy(pod => pod.Spec.NodeName), node => Assert.Equal(10, node.Value));
    }

    private async Task AddNodeAsync(string name, string cpu)
    {
        var node = Make.Node(name, cpu);
        var created = await Client.CreateAsync(node, TestContext.Current.CancellationToken);

        // As the node controller does for a node that is ready.
        created = await Client.UpdateAsync(
            created with { Spec = (created.Spec ?? new V1NodeSpec()) with { Taints = null } }, TestContext.Current.CancellationToken);
        await Client.UpdateStatusAsync(created with { Status = node.Status }, TestContext.Current.CancellationToken);
    }

    private async Task AddPodAsync(V1Pod pod)
    {
        pod.Metadata.Uid = null;
        await Client.CreateAsync(pod, TestContext.Current.CancellationToken);
    }

    private Task<V1Pod> PodAsync(string name, Func<V1Pod, bool> satisfies) => Eventually.GetAsync(
        cancellation => Client.GetAsync<V1Pod>(new NamespacedName("default", name), cancellation), satisfies, Soon, TestContext.Current.CancellationToken);

    private async Task<Corev1Event> EventAsync(string pod, string reason) => (await Eventually.GetAsync(
        async cancellation => (await Client.ListAsync<Corev1Event>(new ListQuery("default"), cancellation)).Items
            .FirstOrDefault(@event => @event.InvolvedObject.Name == pod && @event.Reason == reason),
        found => found is not null,
        Soon,
        TestContext.Current.CancellationToken))!;
}
