namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Which fields each kind may be selected by, and what is said of others.</summary>
[Collection(ServerCollection.Name)]
public sealed class FieldSelectorTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("/api/v1/pods", "metadata.name,metadata.namespace,spec.nodeName,spec.host,spec.restartPolicy,spec.schedulerName,spec.serviceAccountName,spec.hostNetwork,status.phase,status.podIP,status.podIPs,status.nominatedNodeName")]
    [InlineData("/api/v1/nodes", "metadata.name,spec.unschedulable")]
    [InlineData("/api/v1/namespaces", "metadata.name,status.phase")]
    [InlineData("/api/v1/secrets", "metadata.name,metadata.namespace,type")]
    [InlineData("/api/v1/services", "metadata.name,metadata.namespace,spec.clusterIP,spec.type")]
    [InlineData("/api/v1/replicationcontrollers", "metadata.name,metadata.namespace,status.replicas")]
    [InlineData("/api/v1/events", "metadata.name,metadata.namespace,involvedObject.kind,involvedObject.namespace,involvedObject.name,involvedObject.uid,involvedObject.apiVersion,involvedObject.resourceVersion,involvedObject.fieldPath,reason,reportingComponent,source,type")]
    [InlineData("/apis/events.k8s.io/v1/events", "metadata.name,metadata.namespace,regarding.kind,regarding.namespace,regarding.name,regarding.uid,regarding.apiVersion,regarding.resourceVersion,regarding.fieldPath,reason,reportingController,type")]
    [InlineData("/apis/apps/v1/replicasets", "metadata.name,metadata.namespace,status.replicas")]
    [InlineData("/apis/batch/v1/jobs", "metadata.name,metadata.namespace,status.successful")]
    [InlineData("/apis/certificates.k8s.io/v1/certificatesigningrequests", "metadata.name,spec.signerName")]
    [InlineData("/apis/resource.k8s.io/v1/resourceslices", "metadata.name,spec.nodeName,spec.driver")]
    [InlineData("/apis/rbac.authorization.k8s.io/v1/clusterroles", "metadata.name,metadata.namespace")]
    public async Task Fields_OfTheKind_AreAccepted(string path, string fields)
    {
        var client = await fixture.CreateNamespaceAsync();
        foreach (var field in fields.Split(','))
        {
            (await client.GetAsync($"{path}?fieldSelector={field}%3Dx")).Expect(200);
        }
    }

    [Theory]
    [InlineData("/api/v1/pods", "spec.nope", "field label not supported: spec.nope")]
    [InlineData("/api/v1/nodes", "metadata.namespace", "field label not supported: metadata.namespace")]
    [InlineData("/api/v1/configmaps", "data", "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("/apis/batch/v1/jobs", "spec.x", "field label \"spec.x\" not supported for batchv1.Job")]
    [InlineData("/apis/resource.k8s.io/v1/resourceslices", "x", "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: x")]
    public async Task Fields_OfNoUse_AreRefusedInUpstreamsWords(string path, string field, string message)
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = (await client.GetAsync($"{path}?fieldSelector={field}%3Dx")).Expect(400);

        Assert.Equal(("BadRequest", message), (answer.Reason, answer.Message));
    }

    [Theory]
    [InlineData("replicationcontrollers", "{}", "status.replicas", "0")]
    [InlineData("replicasets", """{"status":{"replicas":3}}""", "status.replicas", "3")]
    [InlineData("jobs", "{}", "status.successful", "0")]
    [InlineData("nodes", "{}", "spec.unschedulable", "false")]
    [InlineData("pods", """{"spec":{"nodeName":"n"}}""", "spec.host", "n")]
    [InlineData("pods", "{}", "spec.hostNetwork", "false")]
    public void Fields_ThatAreAbsent_ReadAsGosZero(string resource, string obj, string field, string value) =>
        Assert.Equal(value, Strategies.Of(resource).SelectableFields[field](Strategies.Parse(obj)));
}
