using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Upstream's words, kind by kind.</summary>
public sealed class ValidationTests
{
    private const string Template = "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
    private const string Selector = "\"selector\":{\"matchLabels\":{\"a\":\"b\"}}";

    [Theory]
    [InlineData("replicasets")]
    [InlineData("deployments")]
    [InlineData("daemonsets")]
    [InlineData("statefulsets")]
    public void Workload_Good_HasNoFault(string resource) => Assert.Empty(Strategies.Faults(resource, Workload(Selector, Template)));

    [Theory]
    [InlineData("replicasets", "deployment")]
    [InlineData("deployments", "deployment")]
    [InlineData("daemonsets", "daemonset")]
    [InlineData("statefulsets", "statefulset")]
    public void Workload_EmptySelector_IsRefused(string resource, string owner) => Assert.Equal(
        $"spec.selector: Invalid value: {{}}: empty selector is invalid for {owner}",
        Strategies.Faults(resource, Workload("\"selector\":{}", Template)));

    [Fact]
    public void Deployment_SelectorThatMissesTheTemplate_IsRefused() => Assert.Equal(
        "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`",
        Strategies.Faults("deployments", Workload("\"selector\":{\"matchLabels\":{\"a\":\"x\"}}", Template)));

    [Theory]
    [InlineData("\"replicas\":-1", "spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":{}}", "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'")]
    [InlineData("\"strategy\":{\"type\":\"Blue\"}", "spec.strategy: Unsupported value: {\"type\":\"Blue\"}: supported values: \"Recreate\", \"RollingUpdate\"")]
    [InlineData("\"strategy\":{\"rollingUpdate\":{\"maxSurge\":0,\"maxUnavailable\":0}}", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0")]
    [InlineData("\"progressDeadlineSeconds\":5,\"minReadySeconds\":5", "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds")]
    public void Deployment_BadField_GivesUpstreamsText(string field, string fault) =>
        Assert.Equal(fault, Strategies.Faults("deployments", Workload(Selector, Template, field)));

    [Fact]
    public void Deployment_OtherRestartPolicy_IsRefused() => Assert.Equal(
        "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
        Strategies.Faults("deployments", Workload(Selector, Template.Replace("\"containers\"", "\"restartPolicy\":\"Never\",\"containers\"", StringComparison.Ordinal))));

    [Theory]
    [InlineData("deployments")]
    [InlineData("replicasets")]
    [InlineData("daemonsets")]
    public void Workload_SelectorChanged_IsImmutable(string resource)
    {
        var faults = Strategies.UpdateFaults(
            resource,
            Workload(Selector, Template),
            Workload("\"selector\":{\"matchLabels\":{\"a\":\"x\"}}", Template.Replace("\"a\":\"b\"", "\"a\":\"x\"", StringComparison.Ordinal)));

        Assert.Equal("spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"x\"}}: field is immutable", faults);
    }

    [Fact]
    public void StatefulSet_OtherField_IsForbidden() => Assert.Equal(
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        Strategies.UpdateFaults("statefulsets", Workload(Selector, Template), Workload(Selector, Template, "\"serviceName\":\"s\"")));

    [Fact]
    public void ReplicationController_WithoutSelector_TakesTheTemplatesLabels()
    {
        var controller = Strategies.Default("replicationcontrollers", Workload("\"x\":1", Template));

        Assert.Equal("""{"a":"b"}""", controller["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("""{"a":"b"}""", controller["metadata"]!["labels"]!.ToJsonString());
        Assert.Empty(Strategies.Of("replicationcontrollers").Validate(controller));
    }

    [Theory]
    [InlineData("""{"ports":[{"port":80}]}""", "")]
    [InlineData("{}", "spec.ports: Required value")]
    [InlineData("""{"clusterIP":"None","clusterIPs":["None"]}""", "")]
    [InlineData("""{"ports":[{"port":80},{"port":81}]}""", "spec.ports[0].name: Required value\nspec.ports[1].name: Required value")]
    [InlineData("""{"ports":[{"port":0}]}""", "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\nspec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"ports":[{"port":80,"nodePort":30000}]}""", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    [InlineData("""{"type":"NodePort","ports":[{"name":"a","port":80,"nodePort":30000},{"name":"b","port":80,"nodePort":30001},{"name":"c","port":81,"nodePort":30000}]}""", "spec.ports[2].nodePort: Duplicate value: 30000\nspec.ports[1]: Duplicate value: {\"protocol\":\"TCP\",\"port\":80}")]
    [InlineData("""{"type":"Internal","ports":[{"port":80}]}""", "spec.type: Unsupported value: \"Internal\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("""{"type":"ExternalName","externalName":"X y"}""", "spec.externalName: Invalid value: \"X y\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    [InlineData("""{"clusterIP":"None","clusterIPs":["None"],"type":"NodePort","ports":[{"port":80}]}""", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services")]
    [InlineData("""{"ports":[{"port":80}],"externalIPs":["127.0.0.1"]}""", "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    public void Service_Table_GivesUpstreamsText(string spec, string faults) =>
        Assert.Equal(faults, Strategies.Faults("services", "{\"spec\":" + spec + "}"));

    [Fact]
    public void Service_ClusterAddressChanged_IsRefused() => Assert.Equal(
        "spec.clusterIPs[0]: Invalid value: [\"10.96.0.2\"]: may not change once set",
        Strategies.UpdateFaults(
            "services",
            """{"spec":{"clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],"ports":[{"port":80}]}}""",
            """{"spec":{"clusterIP":"10.96.0.2","clusterIPs":["10.96.0.2"],"ports":[{"port":80}]}}"""));

    [Fact]
    public void Service_UpdateWithoutAddresses_KeepsThem()
    {
        var old = Strategies.Default("services", """{"spec":{"type":"NodePort","clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],"ipFamilies":["IPv4"],"ports":[{"port":80,"nodePort":30080}]}}""");
        var service = Strategies.Default("services", """{"spec":{"type":"NodePort","ports":[{"port":80}]}}""");
        Strategies.Of("services").PrepareForUpdate(service, old);

        Assert.Equal("10.96.0.1", (string)service["spec"]!["clusterIP"]!);
        Assert.Equal(30080, (long)service["spec"]!["ports"]![0]!["nodePort"]!);
    }

    [Fact]
    public void Service_FromNodePortToClusterIp_LosesItsNodePorts()
    {
        var old = Strategies.Default("services", """{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}}""");
        var service = Strategies.Default("services", """{"spec":{"type":"ClusterIP","externalTrafficPolicy":"Cluster","ports":[{"port":80,"nodePort":30080}]}}""");
        Strategies.Of("services").PrepareForUpdate(service, old);

        Assert.Null(service["spec"]!["ports"]![0]!["nodePort"]);
        Assert.Null(service["spec"]!["externalTrafficPolicy"]);
    }

    [Theory]
    [InlineData("configmaps", """{"data":{"a/b":"x"}}""", "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")]
    [InlineData("configmaps", """{"data":{"a":"x"},"binaryData":{"a":""}}""", "data[a]: Invalid value: \"a\": duplicate of key present in binaryData")]
    [InlineData("secrets", """{"type":"kubernetes.io/tls"}""", "data[tls.crt]: Required value\ndata[tls.key]: Required value")]
    [InlineData("secrets", """{"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"eA=="}}""", "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'x' looking for beginning of value")]
    [InlineData("secrets", """{"stringData":{"a":"b"}}""", "")]
    [InlineData("leases", """{"spec":{"leaseDurationSeconds":0}}""", "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("nodes", """{"spec":{"taints":[{"key":"a","effect":"NoSchedule"},{"key":"a","effect":"NoSchedule"}]}}""", "metadata.taints[1]: Duplicate value: {\"key\":\"a\",\"effect\":\"NoSchedule\"}: taints must be unique by key and effect pair")]
    [InlineData("endpoints", """{"subsets":[{"ports":[{"port":80}]}]}""", "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`")]
    [InlineData("endpoints", """{"subsets":[{"addresses":[{"ip":"169.254.1.1"}]}]}""", "subsets[0].addresses[0].ip: Invalid value: \"169.254.1.1\": may not be in the link-local range (169.254.0.0/16, fe80::/10)")]
    [InlineData("endpoints", """{"metadata":{"namespace":"default","name":"kubernetes"},"subsets":[{"addresses":[{"ip":"127.0.0.1"}]}]}""", "")]
    [InlineData("endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("endpointslices", """{"metadata":{"namespace":"default","name":"kubernetes"},"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}]}""", "")]
    [InlineData("endpointslices", """{"endpoints":[]}""", "addressType: Required value")]
    [InlineData("endpointslices", """{"addressType":"IPv4","endpoints":[{"addresses":[]}]}""", "endpoints[0].addresses: Required value: must contain at least 1 address")]
    [InlineData("endpointslices", """{"addressType":"IPv4","ports":[{"port":1},{"port":2}]}""", "ports[1].name: Duplicate value: \"\"")]
    public void Kind_Table_GivesUpstreamsText(string resource, string obj, string faults) => Assert.Equal(faults, Strategies.Faults(resource, obj));

    [Fact]
    public void ConfigMap_TooLarge_IsRefused() => Assert.Equal(
        ": Too long: may not be more than 1048576 bytes",
        Strategies.Faults("configmaps", new JsonObject { ["data"] = new JsonObject { ["a"] = new string('x', 1_048_577) } }.ToJsonString()));

    [Fact]
    public void ConfigMap_Immutable_StaysSo() => Assert.Equal(
        "immutable: Forbidden: field is immutable when `immutable` is set\ndata: Forbidden: field is immutable when `immutable` is set",
        Strategies.UpdateFaults("configmaps", """{"immutable":true,"data":{"a":"1"}}""", """{"data":{"a":"2"}}"""));

    [Fact]
    public void Secret_TypeChanged_IsImmutable() => Assert.Equal(
        "type: Invalid value: \"x/y\": field is immutable", Strategies.UpdateFaults("secrets", "{}", """{"type":"x/y"}"""));

    [Fact]
    public void Secret_StringData_GoesIntoData()
    {
        var secret = Strategies.Default("secrets", """{"stringData":{"a":"hi"},"data":{"a":"AA==","b":"BB=="}}""");

        Assert.Equal("""{"data":{"a":"aGk=","b":"BB=="},"type":"Opaque"}""", secret.ToJsonString());
    }

    [Fact]
    public void Namespace_Create_IsActiveWithItsFinalizerAndLabel()
    {
        var ns = Strategies.Default("namespaces", """{"metadata":{"name":"n"}}""");
        Strategies.Of("namespaces").PrepareForCreate(ns);

        Assert.Equal(
            """{"metadata":{"name":"n","labels":{"kubernetes.io/metadata.name":"n"}},"status":{"phase":"Active"},"spec":{"finalizers":["kubernetes"]}}""",
            ns.ToJsonString());
        Assert.True(Strategies.Of("namespaces").HasFinalizers(ns));
    }

    [Fact]
    public void Job_Create_SelectsItsOwnPods()
    {
        var job = Strategies.Default("jobs", """{"metadata":{"name":"j","uid":"u"},"spec":{"template":{"spec":{}}}}""");
        Strategies.Of("jobs").PrepareForCreate(job);

        Assert.Equal("""{"matchLabels":{"batch.kubernetes.io/controller-uid":"u"}}""", job["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("j", (string)job["spec"]!["template"]!["metadata"]!["labels"]!["batch.kubernetes.io/job-name"]!);
    }

    [Fact]
    public void Autoscaler_FirstVersion_IsStoredAsTheSecondAndReadBack()
    {
        var strategy = Strategies.All.Single(s => s.Plural == "horizontalpodautoscalers" && s.Kind.Version == "v1");
        var stored = strategy.ToStored(Strategies.Parse("""{"apiVersion":"autoscaling/v1","spec":{"maxReplicas":3,"targetCPUUtilizationPercentage":70}}"""));

        Assert.Equal("autoscaling/v2", (string)stored["apiVersion"]!);
        Assert.Equal("cpu: <unknown>/70%", Strategies.All.Single(s => s.Kind.Version == "v2").Columns[2].Value(stored, default)!.ToString());
        var served = strategy.FromStored(Strategies.Parse(stored.ToJsonString()));
        Assert.Equal("""{"maxReplicas":3,"minReplicas":1,"targetCPUUtilizationPercentage":70}""", served["spec"]!.ToJsonString());
    }

    [Fact]
    public void Event_NewerForm_IsStoredAsTheOlderAndReadBack()
    {
        var strategy = Strategies.All.Single(s => s.Kind.Group == "events.k8s.io");
        const string Event = """{"apiVersion":"events.k8s.io/v1","kind":"Event","note":"n","regarding":{"kind":"Pod","name":"p"},"reportingController":"c"}""";
        var stored = strategy.ToStored(Strategies.Parse(Event));

        Assert.Equal("""{"apiVersion":"v1","kind":"Event","message":"n","involvedObject":{"kind":"Pod","name":"p"},"reportingComponent":"c"}""", stored.ToJsonString());
        Assert.Equal(Event, strategy.FromStored(stored).ToJsonString());
    }

    private static string Workload(params IEnumerable<string> fields) => "{\"spec\":{" + string.Join(',', fields) + "}}";
}
