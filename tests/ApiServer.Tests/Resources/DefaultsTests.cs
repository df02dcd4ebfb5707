using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>The smallest object that a client sends, and all that upstream's defaults add to it.</summary>
public sealed class DefaultsTests
{
    private const string Container =
        "{\"name\":\"c\",\"image\":\"nginx\",\"imagePullPolicy\":\"Always\",\"terminationMessagePath\":\"/dev/termination-log\",\"terminationMessagePolicy\":\"File\"}";

    private const string PodSpec =
        "{\"containers\":[" + Container + "],\"restartPolicy\":\"Always\",\"terminationGracePeriodSeconds\":30,\"dnsPolicy\":\"ClusterFirst\",\"securityContext\":{},\"schedulerName\":\"default-scheduler\"}";

    private const string JobPodSpec =
        "{\"containers\":[" + Container + "],\"restartPolicy\":\"Never\",\"terminationGracePeriodSeconds\":30,\"dnsPolicy\":\"ClusterFirst\",\"securityContext\":{},\"schedulerName\":\"default-scheduler\"}";

    private const string JobSpec =
        "{\"parallelism\":1,\"completions\":1,\"backoffLimit\":6,\"template\":{\"spec\":" + JobPodSpec
        + "},\"completionMode\":\"NonIndexed\",\"suspend\":false,\"manualSelector\":false,\"podReplacementPolicy\":\"TerminatingOrFailed\"}";

    private const string Given = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}";

    [Theory]
    [InlineData("deployments", Given, "{\"spec\":{\"replicas\":1,\"template\":{\"spec\":" + PodSpec + "},\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}},\"revisionHistoryLimit\":10,\"progressDeadlineSeconds\":600}}")]
    [InlineData("replicasets", Given, "{\"spec\":{\"replicas\":1,\"template\":{\"spec\":" + PodSpec + "}}}")]
    [InlineData("daemonsets", Given, "{\"spec\":{\"template\":{\"spec\":" + PodSpec + "},\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":1,\"maxSurge\":0}},\"revisionHistoryLimit\":10}}")]
    [InlineData("statefulsets", Given, "{\"spec\":{\"replicas\":1,\"template\":{\"spec\":" + PodSpec + "},\"podManagementPolicy\":\"OrderedReady\",\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":0}},\"revisionHistoryLimit\":10,\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"Retain\",\"whenScaled\":\"Retain\"}}}")]
    [InlineData("replicationcontrollers", "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}", "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"replicas\":1,\"selector\":{\"a\":\"b\"},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":" + PodSpec + "}}}")]
    [InlineData("podtemplates", "{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}", "{\"template\":{\"spec\":" + PodSpec + "}}")]
    [InlineData("jobs", "{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}", "{\"spec\":" + JobSpec + "}")]
    [InlineData("cronjobs", "{\"spec\":{\"schedule\":\"@daily\",\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}}}", "{\"spec\":{\"schedule\":\"@daily\",\"concurrencyPolicy\":\"Allow\",\"suspend\":false,\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":" + JobPodSpec + "}}},\"successfulJobsHistoryLimit\":3,\"failedJobsHistoryLimit\":1}}")]
    [InlineData("services", "{\"spec\":{\"ports\":[{\"port\":80}]}}", "{\"spec\":{\"ports\":[{\"protocol\":\"TCP\",\"port\":80,\"targetPort\":80}],\"type\":\"ClusterIP\",\"sessionAffinity\":\"None\",\"internalTrafficPolicy\":\"Cluster\"}}")]
    [InlineData("services", "{\"spec\":{\"type\":\"LoadBalancer\",\"sessionAffinity\":\"ClientIP\",\"ports\":[{\"port\":80,\"targetPort\":\"web\"}]},\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"1.2.3.4\"}]}}}", "{\"spec\":{\"type\":\"LoadBalancer\",\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":10800}},\"ports\":[{\"port\":80,\"targetPort\":\"web\",\"protocol\":\"TCP\"}],\"internalTrafficPolicy\":\"Cluster\",\"externalTrafficPolicy\":\"Cluster\",\"allocateLoadBalancerNodePorts\":true},\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"1.2.3.4\",\"ipMode\":\"VIP\"}]}}}")]
    [InlineData("services", "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"a.b\"}}", "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"a.b\",\"sessionAffinity\":\"None\"}}")]
    [InlineData("secrets", "{\"stringData\":{\"a\":\"b\"}}", "{\"type\":\"Opaque\",\"data\":{\"a\":\"Yg==\"}}")]
    [InlineData("endpoints", "{\"subsets\":[{\"ports\":[{\"port\":1}]}]}", "{\"subsets\":[{\"ports\":[{\"port\":1,\"protocol\":\"TCP\"}]}]}")]
    [InlineData("namespaces", "{\"metadata\":{\"name\":\"n\"}}", "{\"metadata\":{\"name\":\"n\",\"labels\":{\"kubernetes.io/metadata.name\":\"n\"}}}")]
    [InlineData("nodes", "{\"status\":{\"capacity\":{\"cpu\":\"4\"}}}", "{\"status\":{\"capacity\":{\"cpu\":\"4\"},\"allocatable\":{\"cpu\":\"4\"}}}")]
    [InlineData("limitranges", "{\"spec\":{\"limits\":[{\"type\":\"Container\",\"max\":{\"cpu\":\"2\"},\"min\":{\"memory\":\"1Mi\"}}]}}", "{\"spec\":{\"limits\":[{\"type\":\"Container\",\"max\":{\"cpu\":\"2\"},\"min\":{\"memory\":\"1Mi\"},\"default\":{\"cpu\":\"2\"},\"defaultRequest\":{\"cpu\":\"2\",\"memory\":\"1Mi\"}}]}}")]
    [InlineData("resourcequotas", "{\"spec\":{\"hard\":{\"cpu\":\"1u\",\"memory\":\"1Gi\"}}}", "{\"spec\":{\"hard\":{\"cpu\":\"1m\",\"memory\":\"1Gi\"}}}")]
    public void Kind_Smallest_GetsUpstreamsDefaults(string resource, string given, string expected) =>
        Assert.Equal(Sorted(JsonNode.Parse(expected)), Sorted(JsonNode.Parse(Strategies.Default(resource, given).ToJsonString())));

    [Theory]
    [InlineData("\"limits\":{\"cpu\":\"1\",\"memory\":\"1Gi\"},\"requests\":{\"cpu\":\"100m\"}", "limits: {cpu: \"1\", memory: \"1Gi\"}, requests: {cpu: \"100m\", memory: \"1Gi\"}")]
    [InlineData("\"limits\":{\"cpu\":\"100n\"}", "limits: {cpu: \"1m\"}, requests: {cpu: \"1m\"}")]
    [InlineData("\"requests\":{\"cpu\":\"0.0001\",\"memory\":\"1.5\"}", "requests: {cpu: \"1m\", memory: \"1.5\"}")]
    public void Container_Resources_AreRequestedAsLimitedAndRoundedUp(string resources, string expected)
    {
        var pod = Strategies.Default("pods", "{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":{" + resources + "}}]}}");

        Assert.Equal("{" + expected + "}", Sorted(pod.ObjectsAt("spec", "containers").First()["resources"]));
    }

    [Fact]
    public void Pod_LimitedAsAWhole_RequestsWhatItsContainersDoOrElseTheLimit()
    {
        var pod = Strategies.Default("pods", """
            {"spec":{"resources":{"limits":{"cpu":"2","memory":"1Gi"}},"containers":[
              {"name":"a","image":"i","resources":{"requests":{"cpu":"200m"}}},
              {"name":"b","image":"i","resources":{"requests":{"cpu":"300m"}}}]}}
            """);

        Assert.Equal("{limits: {cpu: \"2\", memory: \"1Gi\"}, requests: {cpu: \"500m\", memory: \"1Gi\"}}", Sorted(pod.At("spec", "resources")));
    }

    [Theory]
    [InlineData("\"podIP\":\"10.0.0.1\"", "10.0.0.1", "10.0.0.1")]
    [InlineData("\"podIPs\":[{\"ip\":\"10.0.0.2\"},{\"ip\":\"fd00::2\"}]", "10.0.0.2", "10.0.0.2,fd00::2")]
    [InlineData("\"podIP\":\"10.0.0.1\",\"podIPs\":[{\"ip\":\"10.0.0.2\"}]", "10.0.0.1", "10.0.0.1")]
    public void Pod_Addresses_MirrorEachOther(string status, string one, string all)
    {
        var pod = Strategies.Default("pods", "{\"spec\":{\"containers\":[]},\"status\":{" + status + "}}");

        Assert.Equal(one, pod.StringAt("status", "podIP"));
        Assert.Equal(all, string.Join(',', pod.ObjectsAt("status", "podIPs").Select(address => address.StringAt("ip"))));
    }

    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(", ", map.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {Sorted(field.Value)}")) + "}",
        JsonArray list => "[" + string.Join(", ", list.Select(Sorted)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };
}
