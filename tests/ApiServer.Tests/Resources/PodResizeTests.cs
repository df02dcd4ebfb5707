using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>What changes of a pod's sizes are refused with, in upstream's words.</summary>
public sealed class PodResizeTests
{
    private const string Old = """{"name":"a","image":"i","resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"memory":"2Gi"}}}""";

    [Theory]
    [InlineData("""{"requests":{"cpu":"2","memory":"512Mi"},"limits":{"memory":"1Gi"}}""", "")]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"2","memory":"2Gi"}}""", "")]
    [InlineData("""{"requests":{"memory":"1Gi"},"limits":{"memory":"2Gi"}}""", "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed")]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi"}}""", "spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed")]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"1","memory":"1Gi"}}""", "spec: Invalid value: \"Burstable\": Pod QOS Class may not change as a result of resizing")]
    [InlineData("""{"requests":{"cpu":"1","memory":"1Gi","ephemeral-storage":"1Gi"},"limits":{"memory":"2Gi"}}""", "spec: Forbidden: only cpu and memory resources are mutable")]
    public void Resize_OfAContainer_GivesUpstreamsText(string resources, string faults) => Assert.Equal(
        faults, Faults(Pod(Old), Pod($$$"""{"name":"a","image":"i","resources":{{{resources}}}}""")));

    [Theory]
    [InlineData("\"restartPolicy\":\"Always\",", """{"requests":{"cpu":"2"}}""", "")]
    [InlineData("\"restartPolicy\":\"Always\",", """{"requests":{"cpu":"1","ephemeral-storage":"1Gi"}}""", "spec: Forbidden: only cpu and memory resources for sidecar containers are mutable")]
    [InlineData("\"restartPolicy\":\"Always\",", "{}", "spec.initContainers[0].resources.requests: Forbidden: resource requests cannot be removed")]
    [InlineData("", """{"requests":{"cpu":"2"}}""", "spec: Forbidden: resources for non-sidecar init containers are immutable")]
    public void Resize_OfAnInitContainer_IsForSidecars(string policy, string resources, string faults)
    {
        string With(string amounts) => Pod(Old, $$$""","initContainers":[{"name":"b",{{{policy}}}"image":"i","resources":{{{amounts}}}}]""");

        Assert.Equal(faults, Faults(With("""{"requests":{"cpu":"1"}}"""), With(resources)));
    }

    [Theory]
    [InlineData("{}", ",\"os\":{\"name\":\"windows\"}", "", ": Forbidden: windows pods cannot be resized")]
    [InlineData("{}", ",\"resources\":{\"limits\":{\"cpu\":\"4\"}}", "", ": Forbidden: pods with pod-level resources cannot be resized")]
    [InlineData("""{"kubernetes.io/config.mirror":"x"}""", ",\"nodeName\":\"n\"", "", ": Forbidden: static pods cannot be resized")]
    [InlineData("{}", "", """,{"name":"a","state":{"running":{}}}""", "spec: Forbidden: Pod running on node without support for resize")]
    [InlineData("{}", "", """,{"name":"a","state":{"running":{}},"resources":{}}""", "")]
    public void Resize_OfSomePods_IsRefused(string annotations, string spec, string status, string faults)
    {
        var pod = Pod(Old, spec, annotations, status.TrimStart(','));

        Assert.Equal(faults, Faults(pod, pod));
    }

    [Fact]
    public void EphemeralContainer_ThatIsThere_NeitherGoesNorChanges()
    {
        var old = Pod(Old, ""","ephemeralContainers":[{"name":"e","image":"i"},{"name":"f","image":"i"}]""");
        var after = Pod(Old, ""","ephemeralContainers":[{"name":"f","image":"j"}]""");

        var faults = string.Join("\n", Field.FaultsOf(
            Strategies.Default("pods", after), pod => EphemeralUpdateChecks.Validate(pod, Strategies.Default("pods", old))));

        Assert.StartsWith(
            "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be removed\n\n"
            + "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"f\" may not be changed\n",
            faults,
            StringComparison.Ordinal);
        Assert.Contains("\"j\"", faults, StringComparison.Ordinal);
    }

    private static string Pod(string container, string spec = "", string annotations = "{}", string status = "") => $$$"""
        {"metadata":{"name":"p","annotations":{{{annotations}}}},"spec":{"containers":[{{{container}}}]{{{spec}}}},
         "status":{"qosClass":"Burstable","containerStatuses":[{{{status}}}]}}
        """;

    private static string Faults(string old, string after) => string.Join(
        "\n", Field.FaultsOf(Strategies.Default("pods", after), pod => PodResizeChecks.Validate(pod, Strategies.Default("pods", old))));
}
