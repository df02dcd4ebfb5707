using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Server;

/// <summary>Requests that change while the pod runs, with a real API server: as <c>kubectl patch --subresource resize</c> asks for it.</summary>
public sealed class ResizeTests : IAsyncLifetime
{
    private static readonly NamespacedName Key = new("default", "web");
    private RunningKubelet _kubelet = null!;

    public async ValueTask InitializeAsync() => _kubelet = await RunningKubelet.StartAsync();

    public ValueTask DisposeAsync() => _kubelet.DisposeAsync();

    [Fact]
    public async Task Resize_ThatIsTooMuch_IsPendingUntilLessIsAskedFor()
    {
        var pod = TestPods.Pod("containers: [{name: app, image: 'busybox:1', resources: {requests: {cpu: 100m}}}]", Key.Name);
        await _kubelet.Client.CreateAsync(pod with { Metadata = new V1ObjectMeta { Name = Key.Name, NamespaceProperty = Key.Namespace } }, TestContext.Current.CancellationToken);
        await _kubelet.EventuallyAsync<V1Pod>(Key.Name, found => Requested(found) == "100m");

        await ResizeAsync("200m");
        await _kubelet.EventuallyAsync<V1Pod>(Key.Name, found => Requested(found) == "200m" && Pending(found) is null);
        await ResizeAsync("5000");
        var pending = await _kubelet.EventuallyAsync<V1Pod>(Key.Name, found => Pending(found) is not null);
        await ResizeAsync("300m");
        var done = await _kubelet.EventuallyAsync<V1Pod>(Key.Name, found => Requested(found) == "300m" && Pending(found) is null);

        Assert.Equal("Infeasible", Pending(pending)?.Reason);
        Assert.StartsWith("Node didn't have enough capacity: cpu, requested: 5000000, capacity: ", Pending(pending)?.Message, StringComparison.Ordinal);
        Assert.Equal("200m", Requested(pending));
        Assert.Equal(0, done.Status.ContainerStatuses[0].RestartCount);
    }

    private static string? Requested(V1Pod pod) => pod.Status?.ContainerStatuses?[0].Resources?.Requests?["cpu"].ToString();

    private static V1PodCondition? Pending(V1Pod pod) => pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "PodResizePending");

    private Task<V1Pod> ResizeAsync(string cpu)
    {
        var patch = $$$$"""{"spec": {"containers": [{"name": "app", "resources": {"requests": {"cpu": "{{{{cpu}}}}"}}}]}}""";
        return _kubelet.Client.PatchAsync<V1Pod>(Key, new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "resize", TestContext.Current.CancellationToken);
    }
}
