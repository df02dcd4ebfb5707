using k8s.Models;

using MiniKube.ControllerManager.Apps;

namespace MiniKube.ControllerManager.Tests;

public sealed class DeletionOrderTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string, V1Pod, V1Pod> Pairs => new()
    {
        { "unscheduled", Pod() with { Spec = new V1PodSpec() }, Pod() },
        { "pending", Phase(Pod(), "Pending"), Pod() },
        { "unknown", Phase(Pod(), "Unknown"), Pod() },
        { "not ready", Ready(Pod(), "False", 60), Pod() },
        { "cheap", Cost(Pod(), "-5"), Pod() },
        { "ready for a shorter time", Ready(Pod(), "True", 2), Ready(Pod(), "True", 5000) },
        { "restarted", Restarted(Pod(), 3), Pod() },
        { "younger", Created(Pod(), 2), Created(Pod(), 5000) },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Compare_Pods_TheCheaperToLoseIsFirst(string why, V1Pod first, V1Pod second)
    {
        var order = new DeletionOrder([], Now);

        Assert.True(order.Compare(first, second) < 0, why);
        Assert.True(order.Compare(second, first) > 0, why);
    }

    [Fact]
    public void Compare_MorePodsOnANode_IsFirst()
    {
        var crowded = Pod("a");
        var alone = Pod("b");
        var order = new DeletionOrder([crowded, Pod("a"), alone], Now);

        Assert.True(order.Compare(crowded, alone) < 0);
    }

    private static V1Pod Pod(string node = "a") => Ready(
        new V1Pod
        {
            Metadata = new V1ObjectMeta { Uid = "x", CreationTimestamp = Now.AddHours(-1) },
            Spec = new V1PodSpec { NodeName = node },
            Status = new V1PodStatus { Phase = "Running" },
        },
        "True",
        3000);

    private static V1Pod Phase(V1Pod pod, string phase) => pod with { Status = pod.Status with { Phase = phase } };

    private static V1Pod Ready(V1Pod pod, string status, int seconds) => pod with
    {
        Status = pod.Status with { Conditions = [new V1PodCondition { Type = "Ready", Status = status, LastTransitionTime = Now.AddSeconds(-seconds) }] },
    };

    private static V1Pod Cost(V1Pod pod, string cost) => pod with
    {
        Metadata = pod.Metadata with { Annotations = new Dictionary<string, string> { ["controller.kubernetes.io/pod-deletion-cost"] = cost } },
    };

    private static V1Pod Restarted(V1Pod pod, int count) => pod with
    {
        Status = pod.Status with { ContainerStatuses = [new V1ContainerStatus { RestartCount = count }] },
    };

    private static V1Pod Created(V1Pod pod, int seconds) => pod with { Metadata = pod.Metadata with { CreationTimestamp = Now.AddSeconds(-seconds) } };
}
