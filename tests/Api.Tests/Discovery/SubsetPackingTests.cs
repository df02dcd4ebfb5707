using k8s;
using k8s.Models;

using MiniKube.Api.Discovery;

namespace MiniKube.Api.Tests.Discovery;

public sealed class SubsetPackingTests
{
    private const string A = """{"ip":"10.0.0.1"}""";
    private const string B = """{"ip":"10.0.0.2"}""";
    private const string Http = """{"name":"http","port":80,"protocol":"TCP"}""";
    private const string Https = """{"name":"https","port":443,"protocol":"TCP"}""";

    [Theory]
    [InlineData("""{"addresses":[{B},{A}],"ports":[{Http},{Https}]}""", """{"addresses":[{A},{B}],"ports":[{Https},{Http}]}""")]
    [InlineData("""{"addresses":[{A}],"ports":[{Http}]},{"addresses":[{A}],"ports":[{Https}]}""", """{"addresses":[{A}],"ports":[{Https},{Http}]}""")]
    [InlineData("""{"addresses":[{A},{A}],"ports":[{Http}]},{"addresses":[{B},{A}],"ports":[{Http}]}""", """{"addresses":[{A},{B}],"ports":[{Http}]}""")]
    [InlineData("""{"addresses":[{A}],"notReadyAddresses":[{A}],"ports":[{Http}]}""", """{"notReadyAddresses":[{A}],"ports":[{Http}]}""")]
    [InlineData("""{"addresses":[{B}]},{"addresses":[{A}]}""", """{"addresses":[{A},{B}]}""")]
    [InlineData("""{"addresses":[{Pod2},{Pod1},{Pod1},{A}]}""", """{"addresses":[{A},{Pod1},{Pod2}]}""")]
    [InlineData("""{"ports":[{Http}]}""", "")]
    public void Pack_Subsets_AreCanonical(string given, string packed) =>
        Assert.Equal(Expand($"[{packed}]"), KubernetesJson.Serialize(SubsetPacking.Pack(Parse(given))));

    [Fact]
    public void Pack_AddressReadyOnOnePortOnly_StandsInTwoSubsets()
    {
        var packed = SubsetPacking.Pack(Parse("""{"notReadyAddresses":[{A}],"ports":[{Http}]},{"addresses":[{A}],"ports":[{Https}]}"""));

        Assert.Equal("http", Assert.Single(packed, subset => subset.Addresses is null).Ports.Single().Name);
        Assert.Equal("https", Assert.Single(packed, subset => subset.NotReadyAddresses is null).Ports.Single().Name);
    }

    /// <summary>As <c>kubectl describe endpoints kube-dns</c> shows it in every cluster of upstream's.</summary>
    [Fact]
    public void Pack_PortsOfTheClustersDns_AreInUpstreamsOrder()
    {
        var packed = SubsetPacking.Pack(Parse(
            """{"addresses":[{A}],"ports":[{"name":"dns","port":53,"protocol":"UDP"},{"name":"dns-tcp","port":53,"protocol":"TCP"},{"name":"metrics","port":9153,"protocol":"TCP"}]}"""));

        Assert.Equal(["dns-tcp", "dns", "metrics"], Assert.Single(packed).Ports.Select(port => port.Name));
    }

    private static List<V1EndpointSubset> Parse(string subsets) => KubernetesJson.Deserialize<List<V1EndpointSubset>>(Expand($"[{subsets}]"));

    private static string Expand(string text) => text
        .Replace("{A}", A, StringComparison.Ordinal)
        .Replace("{B}", B, StringComparison.Ordinal)
        .Replace("{Pod1}", """{"ip":"10.0.0.1","targetRef":{"kind":"Pod","uid":"1"}}""", StringComparison.Ordinal)
        .Replace("{Pod2}", """{"ip":"10.0.0.1","targetRef":{"kind":"Pod","uid":"2"}}""", StringComparison.Ordinal)
        .Replace("{Http}", Http, StringComparison.Ordinal)
        .Replace("{Https}", Https, StringComparison.Ordinal);
}
