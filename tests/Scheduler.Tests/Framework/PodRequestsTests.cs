using k8s.Models;

using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Tests.Framework;

public sealed class PodRequestsTests
{
    [Fact]
    public void Of_SeveralContainers_AreAdded()
    {
        var pod = Make.Pod("a", "100m", "1Mi");
        pod.Spec.Containers.Add(Make.Container("1.5", "1Mi"));

        Assert.Equal(new Resource(1600, 2 << 20, 0, []), PodRequests.Of(pod));
    }

    [Fact]
    public void Of_LargeInitContainer_Wins()
    {
        var pod = Make.Pod("a", "100m", "1Mi");
        pod.Spec.InitContainers = [Make.Container("2", "1Mi"), Make.Container("1", "1Mi")];

        Assert.Equal(new Resource(2000, 1 << 20, 0, []), PodRequests.Of(pod));
    }

    [Fact]
    public void Of_Sidecar_CountsBesideContainersAndLaterInitContainers()
    {
        var pod = Make.Pod("a", "100m");
        pod.Spec.InitContainers = [Make.Container("500m"), Make.Container("200m", null, "Always"), Make.Container("400m")];

        // The first init container runs alone (500), the last one beside the sidecar (600), the container beside it (300).
        Assert.Equal(600, PodRequests.Of(pod).MilliCpu);
    }

    [Fact]
    public void Of_Overhead_IsAdded()
    {
        var pod = Make.Pod("a", "100m");
        pod.Spec.Overhead = Make.Quantities(("cpu", "50m"));

        Assert.Equal(150, PodRequests.Of(pod).MilliCpu);
    }

    [Fact]
    public void Of_PodLevelRequests_StandForTheSum()
    {
        var pod = Make.Pod("a", "100m", "1Mi");
        pod.Spec.Resources = new V1ResourceRequirements { Requests = Make.Quantities(("cpu", "1")) };

        Assert.Equal(new Resource(1000, 1 << 20, 0, []), PodRequests.Of(pod));
    }

    [Fact]
    public void Of_ExtendedResource_IsAScalar()
    {
        var pod = Make.Pod("a");
        pod.Spec.Containers[0].Resources.Requests = Make.Quantities(("example.com/gpu", "2"));

        Assert.Equal(2, PodRequests.Of(pod).Scalars["example.com/gpu"]);
    }

    [Fact]
    public void NonZeroOf_NothingAsked_IsUpstreamsGuess() =>
        Assert.Equal(new Resource(100, 200 << 20, 0, []), PodRequests.NonZeroOf(Make.Pod("a")));
}
