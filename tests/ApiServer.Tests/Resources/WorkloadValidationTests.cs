namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Upstream's words about workloads and their status.</summary>
public sealed class WorkloadValidationTests
{
    private const string Parts = "\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";

    [Fact]
    public void Deployment_EmptySpec_LacksSelectorAndContainers() => Assert.Equal(
        "spec.selector: Required value\nspec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`\nspec.template.spec.containers: Required value",
        Strategies.Faults("deployments", "{}"));

    [Fact]
    public void StatefulSet_MountOfAClaimTemplate_HasNoFault() => Assert.Empty(Strategies.Faults("statefulsets", """
        {"spec":{"serviceName":"web","selector":{"matchLabels":{"a":"b"}},
        "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"data","mountPath":"/d"}]}]}},
        "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]}}
        """));

    [Theory]
    [InlineData("statefulsets", "\"podManagementPolicy\":\"Fast\"", "spec.podManagementPolicy: Invalid value: \"Fast\": must be 'OrderedReady' or 'Parallel'")]
    [InlineData("statefulsets", "\"updateStrategy\":{\"type\":\"Recreate\"}", "spec.updateStrategy: Invalid value: {\"type\":\"Recreate\"}: must be 'RollingUpdate' or 'OnDelete'")]
    [InlineData("statefulsets", "\"updateStrategy\":{\"type\":\"OnDelete\",\"rollingUpdate\":{\"partition\":1}}", "spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: only allowed for updateStrategy 'RollingUpdate'")]
    [InlineData("statefulsets", "\"updateStrategy\":{\"rollingUpdate\":{\"partition\":-1}}", "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("statefulsets", "\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":\"Keep\"}", "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"Keep\": supported values: \"Retain\", \"Delete\"")]
    [InlineData("statefulsets", "\"revisionHistoryLimit\":-1", "")]
    [InlineData("statefulsets", "\"ordinals\":{\"start\":-1}", "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("daemonsets", "\"updateStrategy\":{\"rollingUpdate\":{\"maxSurge\":1}}", "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero")]
    [InlineData("daemonsets", "\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":0}}", "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0")]
    [InlineData("daemonsets", "\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":\"all\"}}", "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: \"all\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')\nspec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0")]
    [InlineData("daemonsets", "\"updateStrategy\":{\"type\":\"Recreate\"}", "spec.updateStrategy: Unsupported value: {\"type\":\"Recreate\"}: supported values: \"RollingUpdate\", \"OnDelete\"")]
    [InlineData("deployments", "\"strategy\":{\"rollingUpdate\":{\"maxUnavailable\":\"101%\"}}", "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%")]
    [InlineData("deployments", "\"strategy\":{\"rollingUpdate\":{\"maxSurge\":\"5\"}}", "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"5\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    [InlineData("replicasets", "\"replicas\":-1,\"minReadySeconds\":-1", "spec.replicas: Invalid value: -1: must be greater than or equal to 0\nspec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0")]
    public void Workload_BadField_GivesUpstreamsText(string resource, string field, string faults) =>
        Assert.Equal(faults, Strategies.Faults(resource, "{\"spec\":{" + field + "," + Parts + "}}"));

    [Theory]
    [InlineData("deployments", "\"replicas\":1,\"readyReplicas\":2", "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas")]
    [InlineData("deployments", "\"replicas\":2,\"readyReplicas\":1,\"availableReplicas\":2", "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas")]
    [InlineData("deployments", "\"unavailableReplicas\":-1", "status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("replicasets", "\"replicas\":-1", "status.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("replicationcontrollers", "\"replicas\":1,\"fullyLabeledReplicas\":2", "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas")]
    [InlineData("statefulsets", "\"replicas\":2,\"readyReplicas\":1,\"availableReplicas\":2", "status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas")]
    [InlineData("daemonsets", "\"numberMisscheduled\":-1", "status.numberMisscheduled: Invalid value: -1: must be greater than or equal to 0")]
    public void Status_BadCounts_AreRefused(string resource, string status, string faults) =>
        Assert.Equal(faults, Strategies.StatusFaults(resource, "{\"spec\":{" + Parts + "}}", "{\"spec\":{" + Parts + "},\"status\":{" + status + "}}"));

    [Theory]
    [InlineData("deployments")]
    [InlineData("daemonsets")]
    [InlineData("statefulsets")]
    public void Status_CollisionCount_NeverSinks(string resource) => Assert.Equal(
        "status.collisionCount: Invalid value: 0: cannot be decremented",
        Strategies.StatusFaults(resource, "{\"spec\":{" + Parts + "},\"status\":{\"collisionCount\":1}}", "{\"spec\":{" + Parts + "},\"status\":{}}"));

    [Theory]
    [InlineData("""{"revision":1}""", "data: Required value: data is mandatory")]
    [InlineData("""{"revision":-1,"data":{}}""", "revision: Invalid value: -1: must be greater than or equal to 0")]
    public void ControllerRevision_Bad_IsRefused(string revision, string faults) => Assert.Equal(faults, Strategies.Faults("controllerrevisions", revision));

    [Fact]
    public void ControllerRevision_DataChanged_IsImmutable() => Assert.Equal(
        "data: Invalid value: {\"a\":2}: field is immutable",
        Strategies.UpdateFaults("controllerrevisions", """{"revision":1,"data":{"a":1}}""", """{"revision":2,"data":{"a":2}}"""));
}
