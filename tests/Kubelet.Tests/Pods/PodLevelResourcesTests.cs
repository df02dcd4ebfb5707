using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Status;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

/// <summary>Requests and limits of a pod as a whole (KEP-2837).</summary>
public sealed class PodLevelResourcesTests
{
    private const long MiB = 1024 * 1024;

    private const string Whole = "resources: {requests: {memory: 300Mi}, limits: {cpu: '2', memory: 400Mi} }";

    private const string Containers = """
        containers:
        - {name: asks, image: 'busybox:1', resources: {requests: {cpu: 100m, memory: 100Mi}, limits: {cpu: '1'}}}
        - {name: silent, image: 'busybox:1'}
        """;

    [Fact]
    public void Requests_OfThePod_StandForTheSumOfItsContainers()
    {
        var pod = TestPods.Pod($"{Whole}\noverhead: {{memory: 10Mi}}\n{Containers}");

        Assert.Equal(new PodRequests(100, 310 * MiB), PodRequests.Of(pod));
        Assert.Equal(PodQos.Burstable, PodQos.Of(pod));
    }

    [Fact]
    public void Limits_OfThePod_AreThoseOfAContainerThatHasNone_AndOfAllTogether()
    {
        var pod = TestPods.Pod($"{Whole}\n{Containers}");

        var asks = ContainerResourceMath.Of(pod, pod.Spec.Containers[0], 1000 * MiB);
        var silent = ContainerResourceMath.Of(pod, pod.Spec.Containers[1], 1000 * MiB);
        var whole = ContainerResourceMath.OfWhole(pod);

        Assert.Equal((102, 100_000, 400 * MiB), (asks.CpuShares, asks.CpuQuota, asks.Memory));
        Assert.Equal((2048, 200_000, 400 * MiB), (silent.CpuShares, silent.CpuQuota, silent.Memory));
        Assert.Equal((102, 200_000, 400 * MiB), (whole?.CpuShares, whole?.CpuQuota, whole?.Memory));
        // The 200Mi that no container asks for count half for each.
        Assert.Equal((800, 900), (asks.OomScoreAdj, silent.OomScoreAdj));
    }

    [Theory]
    [InlineData("{limits: {cpu: '1', memory: 64Mi}, requests: {cpu: '1', memory: 64Mi}}", PodQos.Guaranteed)]
    [InlineData("{limits: {cpu: '1', memory: 64Mi}}", PodQos.Guaranteed)]
    [InlineData("{limits: {memory: 64Mi}}", PodQos.Burstable)]
    public void QosClass_IsOfThePodsOwnResources(string resources, string expected) => Assert.Equal(expected, PodQos.Of(TestPods.Pod($"resources: {resources}\n{Containers}")));

    [Fact]
    public void HugePages_OfThePod_AreRefusedByName() =>
        Assert.Equal(["spec.resources.limits"], UnsupportedFields.Find(TestPods.Pod($"resources: {{limits: {{hugepages-2Mi: 4Mi}}}}\n{Containers}")));

    [Fact]
    public void Pod_WithoutResourcesOfItsOwn_HasNoCgroupOfItsOwn() => Assert.Null(ContainerResourceMath.OfWhole(TestPods.Pod(Containers)));
}
