using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Tests.Resources;

namespace MiniKube.ApiServer.Tests;

/// <summary>A server without <c>--allow-privileged</c>, and the rule itself.</summary>
[Collection(ServerCollection.Name)]
public sealed class PrivilegeTests(ServerFixture fixture)
{
    private const string Privileged = """{"name":"a","image":"i","securityContext":{"privileged":true}}""";

    [Fact]
    public async Task Create_PrivilegedContainer_IsInvalid()
    {
        var client = await fixture.CreateNamespaceAsync();

        var answer = await client.SendAsync(HttpMethod.Post, client.Core("pods"), "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[" + Privileged + "]}}");

        Assert.Equal("Pod \"p\" is invalid: spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy", answer.Expect(422).Message);
    }

    [Fact]
    public async Task Update_ToAPrivilegedTemplate_IsInvalid()
    {
        var client = await fixture.CreateNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{client.Namespace}/deployments";
        var deployment = """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"i"}]}}}}""";
        (await client.SendAsync(HttpMethod.Post, path, deployment)).Expect(201);

        var answer = await client.SendAsync(
            HttpMethod.Patch,
            path + "/d",
            """{"spec":{"template":{"spec":{"initContainers":[{"name":"b","image":"i","securityContext":{"privileged":true}}]}}}}""",
            "application/strategic-merge-patch+json");

        Assert.Equal(
            "Deployment.apps \"d\" is invalid: spec.template.spec.initContainers[0].securityContext.privileged: Forbidden: disallowed by cluster policy",
            answer.Expect(422).Message);
    }

    [Theory]
    [InlineData("pods", """{"spec":{"containers":[{C}]}}""", "spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy")]
    [InlineData("cronjobs", """{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{C}]}}}}}}""", "spec.jobTemplate.spec.template.spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy")]
    [InlineData("podtemplates", """{"template":{"spec":{"containers":[{C}]}}}""", "template.spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy")]
    [InlineData("pods", """{"spec":{"containers":[{"securityContext":{"windowsOptions":{"hostProcess":true}}}]}}""", "spec: Forbidden: hostProcess containers are disallowed by cluster policy")]
    [InlineData("pods", """{"spec":{"securityContext":{"windowsOptions":{"hostProcess":true}},"containers":[{}]}}""", "spec: Forbidden: hostProcess containers are disallowed by cluster policy")]
    [InlineData("pods", """{"spec":{"securityContext":{"windowsOptions":{"hostProcess":true}},"containers":[{"securityContext":{"windowsOptions":{"hostProcess":false}}}]}}""", "")]
    [InlineData("statefulsets", """{"spec":{"template":{"spec":{"containers":[{C}]}}}}""", "")]
    [InlineData("configmaps", """{"spec":{"containers":[{C}]}}""", "")]
    public void FaultsOf_Object_AreNoneWherePrivilegesAreAllowed(string resource, string json, string faults)
    {
        var (kind, obj) = (Strategies.Of(resource).Kind, Strategies.Parse(json.Replace("{C}", Privileged, StringComparison.Ordinal)));

        Assert.Equal(faults, string.Join('\n', new ClusterPolicy(allowsPrivileged: false).FaultsOf(kind, obj)));
        Assert.Empty(new ClusterPolicy(allowsPrivileged: true).FaultsOf(kind, obj));
    }
}
