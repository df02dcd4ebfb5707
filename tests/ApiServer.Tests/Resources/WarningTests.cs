namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>What clients are told of objects that are allowed but hardly meant, in upstream's words.</summary>
public sealed class WarningTests
{
    [Theory]
    [InlineData("\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":\"2\"}]", "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply")]
    [InlineData("\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":\"$(A)2\"}]", "")]
    [InlineData("\"ports\":[{\"containerPort\":80},{\"containerPort\":80,\"name\":\"b\"}]", "spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]")]
    [InlineData("\"resources\":{\"requests\":{\"memory\":\"100m\"}}", "spec.containers[0].resources.requests[memory]: fractional byte value \"100m\" is invalid, must be an integer")]
    public void Pod_Container_IsWarnedOf(string field, string warnings) =>
        Assert.Equal(warnings, Strategies.Warnings("pods", "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"," + field + "}]}}"));

    [Theory]
    [InlineData("\"nodeSelector\":{\"beta.kubernetes.io/os\":\"linux\"}", "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \"kubernetes.io/os\" instead")]
    [InlineData("\"volumes\":[{\"name\":\"g\",\"gitRepo\":{\"repository\":\"r\"}}]", "spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+")]
    [InlineData("\"imagePullSecrets\":[{\"name\":\"a\"},{\"name\":\"a\"}]", "spec.imagePullSecrets[1].name: duplicate name \"a\"")]
    [InlineData("\"hostAliases\":[{\"ip\":\"1.1.1.1\"},{\"ip\":\"1.1.1.1\"}]", "spec.hostAliases[1].ip: duplicate ip \"1.1.1.1\"")]
    [InlineData("\"terminationGracePeriodSeconds\":-1", "spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1")]
    [InlineData("\"topologySpreadConstraints\":[{\"topologyKey\":\"z\"}]", "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod")]
    public void Pod_Field_IsWarnedOf(string field, string warnings)
    {
        var spec = "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]," + field + "}}";

        Assert.Equal(warnings, Strategies.Warnings("pods", spec));
        Assert.Equal(
            string.Join('\n', warnings.Split('\n').Select(warning => "spec.template." + warning)),
            Strategies.Warnings("deployments", "{\"spec\":{\"template\":" + spec + "}}"));
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"service.kubernetes.io/topology-aware-hints":"auto"}}}""", "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead")]
    [InlineData("""{"spec":{"externalName":"a.b"}}""", "spec.externalName is ignored when spec.type is not \"ExternalName\"")]
    [InlineData("""{"spec":{"clusterIP":"None","sessionAffinity":"ClientIP"}}""", "spec.SessionAffinity is ignored for headless services")]
    [InlineData("""{"spec":{"clusterIP":"None","sessionAffinity":"None","externalIPs":["::ffff:192.0.2.1"]}}""", "spec.externalIPs[0]: non-standard IP address \"::ffff:192.0.2.1\" will be considered invalid in a future Kubernetes release: use \"192.0.2.1\"\nspec.externalIPs is ignored for headless services")]
    [InlineData("""{"spec":{"loadBalancerIP":"2001:DB8::1"}}""", "spec.loadBalancerIP: IPv6 address \"2001:DB8::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")")]
    [InlineData("""{"spec":{"clusterIPs":["2001:db8:0:0::1"]}}""", "spec.clusterIPs[0]: IPv6 address \"2001:db8:0:0::1\" should be in RFC 5952 canonical format (\"2001:db8::1\")")]
    [InlineData("""{"spec":{"loadBalancerSourceRanges":["10.1.2.3/8"]}}""", "spec.loadBalancerSourceRanges[0]: CIDR value \"10.1.2.3/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or \"10.1.2.3/32\"?)")]
    [InlineData("""{"spec":{"loadBalancerSourceRanges":["2001:DB8::/32"]}}""", "spec.loadBalancerSourceRanges[0]: IPv6 CIDR value \"2001:DB8::/32\" should be in RFC 5952 canonical format (\"2001:db8::/32\")")]
    public void Service_IsWarnedOf(string service, string warnings) => Assert.Equal(warnings, Strategies.Warnings("services", service));
}
