using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Tests.Resources;

public sealed class PodTests
{
    private const string Good = """{"name":"a","image":"i"}""";

    [Fact]
    public void Defaults_SmallestPod_AreUpstreams()
    {
        var pod = Strategies.Default("pods", """{"spec":{"containers":[{"name":"a","image":"nginx"}]}}""");

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"spec":{"containers":[{"name":"a","image":"nginx","imagePullPolicy":"Always","terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],
                "dnsPolicy":"ClusterFirst","restartPolicy":"Always","securityContext":{},"terminationGracePeriodSeconds":30,"schedulerName":"default-scheduler","enableServiceLinks":true}}
                """),
            JsonNode.Parse(pod.ToJsonString())));
    }

    [Theory]
    [InlineData("nginx", "Always")]
    [InlineData("nginx:latest", "Always")]
    [InlineData("nginx:1.27", "IfNotPresent")]
    [InlineData("host:5000/nginx", "Always")]
    [InlineData("host:5000/nginx:1", "IfNotPresent")]
    [InlineData("nginx@sha256:abc", "IfNotPresent")]
    public void Defaults_PullPolicy_FollowsTheTag(string image, string policy)
    {
        var pod = Strategies.Default("pods", "{\"spec\":{\"containers\":[{\"image\":\"" + image + "\"}]}}");

        Assert.Equal(policy, (string)pod["spec"]!["containers"]![0]!["imagePullPolicy"]!);
    }

    [Fact]
    public void Defaults_ProbesPortsVolumes_AreUpstreams()
    {
        var pod = Strategies.Default("pods", """
            {"spec":{"hostNetwork":true,"serviceAccountName":"s","containers":[{"name":"a","image":"i:1","ports":[{"containerPort":80}],
            "livenessProbe":{"httpGet":{"port":80}},"resources":{"limits":{"cpu":"1"}},"env":[{"name":"E","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}],
            "volumes":[{"name":"v"},{"name":"s","secret":{"secretName":"x"}},{"name":"h","hostPath":{"path":"/"}}]}}
            """);

        var container = pod["spec"]!["containers"]![0]!;
        Assert.Equal("""{"containerPort":80,"protocol":"TCP","hostPort":80}""", container["ports"]![0]!.ToJsonString());
        Assert.Equal(
            """{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3}""",
            container["livenessProbe"]!.ToJsonString());
        Assert.Equal("""{"limits":{"cpu":"1"},"requests":{"cpu":"1"}}""", container["resources"]!.ToJsonString());
        Assert.Equal("v1", (string)container["env"]![0]!["valueFrom"]!["fieldRef"]!["apiVersion"]!);
        Assert.Equal("s", (string)pod["spec"]!["serviceAccount"]!);
        Assert.Equal(
            """[{"name":"v","emptyDir":{}},{"name":"s","secret":{"secretName":"x","defaultMode":420}},{"name":"h","hostPath":{"path":"/","type":""}}]""",
            pod["spec"]!["volumes"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "BestEffort")]
    [InlineData("""{"requests":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}}""", "Burstable")]
    public void PrepareForCreate_QosClass_FollowsResources(string resources, string expected)
    {
        var pod = Strategies.Default("pods", "{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\",\"resources\":" + resources + "}]}}");
        Strategies.Of("pods").PrepareForCreate(pod);

        Assert.Equal($$"""{"phase":"Pending","qosClass":"{{expected}}"}""", pod["status"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30}}""", null, 30L)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30}}""", 5L, 5L)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":-1}}""", null, 1L)]
    [InlineData("""{"spec":{"terminationGracePeriodSeconds":30}}""", null, 0L)]
    [InlineData("""{"spec":{"nodeName":"n","terminationGracePeriodSeconds":30},"status":{"phase":"Succeeded"}}""", 10L, 0L)]
    public void GracePeriod_Table_IsUpstreams(string pod, long? requested, long expected) =>
        Assert.Equal(expected, Strategies.Of("pods").GracePeriodSeconds(Strategies.Parse(pod), requested));

    [Theory]
    [InlineData(Good, "")]
    [InlineData("""{"image":"i"}""", "spec.containers[0].name: Required value")]
    [InlineData("""{"name":"a"}""", "spec.containers[0].image: Required value")]
    [InlineData("""{"name":"a","image":" i"}""", "spec.containers[0].image: Invalid value: \" i\": must not have leading or trailing whitespace")]
    [InlineData("""{"name":"a","image":"i","imagePullPolicy":"Some"}""", "spec.containers[0].imagePullPolicy: Unsupported value: \"Some\": supported values: \"Always\", \"IfNotPresent\", \"Never\"")]
    [InlineData("""{"name":"a","image":"i","ports":[{"containerPort":0}]}""", "spec.containers[0].ports[0].containerPort: Required value")]
    [InlineData("""{"name":"a","image":"i","ports":[{"containerPort":70000}]}""", "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("""{"name":"a","image":"i","ports":[{"name":"p","containerPort":1},{"name":"p","containerPort":2}]}""", "spec.containers[0].ports[1].name: Duplicate value: \"p\"")]
    [InlineData("""{"name":"a","image":"i","env":[{"name":"A=B"}]}""", "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='")]
    [InlineData("""{"name":"a","image":"i","env":[{"name":"A","valueFrom":{}}]}""", "spec.containers[0].env[0].valueFrom: Invalid value: \"\": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`")]
    [InlineData("""{"name":"a","image":"i","volumeMounts":[{"name":"no","mountPath":"/x"}]}""", "spec.containers[0].volumeMounts[0].name: Not found: \"no\"")]
    [InlineData("""{"name":"a","image":"i","volumeMounts":[{"name":"v","mountPath":"/x","subPath":"../y"}]}""", "spec.containers[0].volumeMounts.subPath: Invalid value: \"../y\": must not contain '..'")]
    [InlineData("""{"name":"a","image":"i","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"2"}}}""", "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    [InlineData("""{"name":"a","image":"i","resources":{"limits":{"cpu":"-1"}}}""", "spec.containers[0].resources.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0\nspec.containers[0].resources.requests[cpu]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("""{"name":"a","image":"i","livenessProbe":{}}""", "spec.containers[0].livenessProbe: Required value: must specify a handler type")]
    [InlineData("""{"name":"a","image":"i","livenessProbe":{"exec":{"command":["x"]},"successThreshold":2}}""", "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData("""{"name":"a","image":"i","readinessProbe":{"tcpSocket":{"port":"80"}}}""", "spec.containers[0].readinessProbe.tcpSocket.port: Invalid value: \"80\": must contain at least one letter (a-z)")]
    [InlineData("""{"name":"a","image":"i","securityContext":{"privileged":true,"allowPrivilegeEscalation":false}}""", "spec.containers[0].securityContext: Invalid value: {\"privileged\":true,\"allowPrivilegeEscalation\":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true")]
    public void Validate_Container_GivesUpstreamsText(string container, string faults) => Assert.Equal(
        faults, Strategies.Faults("pods", "{\"spec\":{\"containers\":[" + container + "],\"volumes\":[{\"name\":\"v\"}]}}"));

    [Theory]
    [InlineData("{}", "spec.containers: Required value")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"restartPolicy":"Maybe"}""", "spec.restartPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"OnFailure\", \"Never\"")]
    [InlineData("""{"containers":[{"name":"a","image":"i"},{"name":"a","image":"i"}]}""", "spec.containers[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"volumes":[{"name":"v"},{"name":"v"}]}""", "spec.volumes[1].name: Duplicate value: \"v\"")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/"}}]}""", "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"tolerations":[{"operator":"Equal","value":"x"}]}""", "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"activeDeadlineSeconds":0}""", "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"-"}]}}}""", "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"initContainers":[{"name":"b","image":"i","livenessProbe":{"exec":{"command":["x"]}}}]}""", "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"ephemeralContainers":[{"name":"e","image":"i"}]}""", "spec.ephemeralContainers: Forbidden: cannot be set on create")]
    public void Validate_Spec_GivesUpstreamsText(string spec, string faults) =>
        Assert.Equal(faults, Strategies.Faults("pods", "{\"spec\":" + spec + "}"));

    [Theory]
    [InlineData("""{"containers":[{"name":"a","image":"j"}]}""", "")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"tolerations":[{"key":"x","operator":"Exists"}]}""", "")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"activeDeadlineSeconds":5}""", "")]
    [InlineData("""{"containers":[{"name":"a","image":"i"},{"name":"b","image":"i"}]}""", "spec.containers: Forbidden: pod updates may not add or remove containers")]
    [InlineData("""{"containers":[{"name":"a","image":"i"}],"nodeName":"n"}""", "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n  core.PodSpec{\n  \t... // 3 identical fields\n- \tnodeName: nil,\n+ \tnodeName: \"n\",\n  \t... // 4 identical fields\n  }\n")]
    public void ValidateUpdate_Spec_MayChangeAFewFieldsOnly(string spec, string faults) => Assert.Equal(
        faults,
        Strategies.UpdateFaults("pods", """{"spec":{"containers":[{"name":"a","image":"i","imagePullPolicy":"Always"}]}}""", "{\"spec\":" + spec + "}"));
}
