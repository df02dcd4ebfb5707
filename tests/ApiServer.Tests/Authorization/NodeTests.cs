using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Authorization;

/// <summary>What a kubelet may: its own, and what the pods on its node need. The admission plugin NodeRestriction judges what is in bodies.</summary>
[Collection(ServerCollection.Name)]
public sealed class NodeTests(ServerFixture fixture)
{
    private const string Pod = """
        {"metadata":{"name":"p"},"spec":{"nodeName":"NODE","serviceAccountName":"robot","imagePullSecrets":[{"name":"pull"}],
         "containers":[{"name":"c","image":"i","envFrom":[{"configMapRef":{"name":"settings"}}],"env":[{"name":"a","valueFrom":{"secretKeyRef":{"name":"key","key":"k"}}}]}],
         "volumes":[{"name":"v","projected":{"sources":[{"secret":{"name":"projected"}},{"configMap":{"name":"mapped"}}]}},{"name":"w","persistentVolumeClaim":{"claimName":"claim"}}]}}
        """;

    [Fact]
    public async Task Node_ReadsWhatItsPodsReferTo_AndNothingElse()
    {
        var (admin, node, other) = await NodesAsync();
        (await admin.CreateAsync("pods", Pod.Replace("NODE", NameOf(node), StringComparison.Ordinal))).Expect(201);
        (await admin.CreateAsync("secrets", """{"metadata":{"name":"unused"}}""")).Expect(201);
        foreach (var path in (string[])["secrets/pull", "secrets/key", "secrets/projected", "configmaps/settings", "configmaps/mapped", "persistentvolumeclaims/claim"])
        {
            // There are none: what counts is not to be refused.
            (await node.GetAsync(admin.Core(path))).Expect(404);
            Assert.Contains($"no relationship found between node '{NameOf(other)}' and this object", (await other.GetAsync(admin.Core(path))).Expect(403).Message, StringComparison.Ordinal);
        }

        (await node.GetAsync(admin.Core("secrets/unused"))).Expect(403);
        (await node.GetAsync(admin.Core("secrets"))).Expect(403);
        (await node.GetAsync(admin.Core("secrets?fieldSelector=metadata.name%3Dpull"))).Expect(200);
        (await node.GetAsync("/api/v1/secrets")).Expect(403);
        (await node.SendAsync(HttpMethod.Delete, admin.Core("secrets/pull"))).Expect(403);
    }

    [Fact]
    public async Task Node_SeesItsPods_ItsNode_AndItsLease()
    {
        var (admin, node, other) = await NodesAsync();
        (await admin.CreateAsync("pods", Pod.Replace("NODE", NameOf(node), StringComparison.Ordinal))).Expect(201);

        Assert.Equal(["p"], (await node.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName%3D{NameOf(node)}")).Expect(200).Names);
        (await node.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName%3D{NameOf(other)}")).Expect(403);
        (await node.GetAsync("/api/v1/pods")).Expect(403);
        (await node.GetAsync(admin.Core("pods/p"))).Expect(200);
        (await other.GetAsync(admin.Core("pods/p"))).Expect(403);
        (await node.GetAsync($"/api/v1/nodes/{NameOf(node)}")).Expect(200);
        (await node.GetAsync($"/api/v1/nodes/{NameOf(other)}")).Expect(403);
        (await node.GetAsync("/api/v1/nodes")).Expect(403);
        const string Leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        (await node.SendAsync(HttpMethod.Post, Leases, $$$"""{"metadata":{"name":"{{{NameOf(node)}}}"}}""")).Expect(201);
        (await node.SendAsync(HttpMethod.Post, Leases, $$$"""{"metadata":{"name":"{{{NameOf(other)}}}"}}""")).Expect(403);
        (await other.GetAsync($"{Leases}/{NameOf(node)}")).Expect(403);
        (await node.GetAsync(admin.Core("services"))).Expect(200);
    }

    [Fact]
    public async Task Node_GetsTokensOnlyForItsPods()
    {
        var (admin, node, other) = await NodesAsync();
        await admin.CreateAccountAsync("robot");
        var pod = (await admin.CreateAsync("pods", Pod.Replace("NODE", NameOf(node), StringComparison.Ordinal))).Expect(201);
        var token = admin.Core("serviceaccounts/robot/token");
        string Body(string uid) => """{"spec":{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"UID}}}""".Replace("UID", uid, StringComparison.Ordinal);

        (await node.SendAsync(HttpMethod.Post, token, Body($",\"uid\":\"{pod.Json.StringAt("metadata", "uid")}\""))).Expect(201);
        Assert.EndsWith("node requested token with a pod binding without a uid", (await node.SendAsync(HttpMethod.Post, token, Body(""))).Expect(403).Message, StringComparison.Ordinal);
        Assert.EndsWith("node requested token not bound to a pod", (await node.SendAsync(HttpMethod.Post, token, "{}")).Expect(403).Message, StringComparison.Ordinal);
        (await other.SendAsync(HttpMethod.Post, token, "{}")).Expect(403);
    }

    [Fact]
    public async Task Node_ChangesOnlyItself_AndNotItsTaintsOwnersOrSystemLabels()
    {
        var (_, node, other) = await NodesAsync();
        Task<ApiAnswer> PatchAsync(ApiClient target, string patch, string part = "") =>
            node.SendAsync(HttpMethod.Patch, $"/api/v1/nodes/{NameOf(target)}{part}", patch, "application/merge-patch+json");

        (await PatchAsync(node, """{"metadata":{"labels":{"team":"a","kubernetes.io/hostname":"h","node.kubernetes.io/kind":"b"}}}""")).Expect(200);
        (await PatchAsync(node, """{"status":{"phase":"Running"}}""", "/status")).Expect(200);
        Assert.EndsWith($"node \"{NameOf(node)}\" is not allowed to modify node \"{NameOf(other)}\"", (await PatchAsync(other, """{"metadata":{"labels":{"team":"a"}}}""")).Expect(403).Message, StringComparison.Ordinal);
        Assert.EndsWith("is not allowed to modify labels: node-restriction.kubernetes.io/zone", (await PatchAsync(node, """{"metadata":{"labels":{"node-restriction.kubernetes.io/zone":"a"}}}""")).Expect(403).Message, StringComparison.Ordinal);
        (await PatchAsync(node, """{"metadata":{"labels":{"node-role.kubernetes.io/control-plane":""}}}""")).Expect(403);
        (await PatchAsync(node, """{"spec":{"taints":[{"key":"a","effect":"NoSchedule"}]}}""")).Expect(403);
        (await PatchAsync(node, """{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"x","uid":"1"}]}}""")).Expect(403);
        (await node.SendAsync(HttpMethod.Delete, $"/api/v1/nodes/{NameOf(node)}")).Expect(403);
    }

    [Fact]
    public async Task Node_MakesOnlyMirrorPodsOfItself_AndChangesOnlyPodsOnIt()
    {
        var (admin, node, other) = await NodesAsync();
        (await admin.CreateAsync("pods", Pod.Replace("NODE", NameOf(node), StringComparison.Ordinal))).Expect(201);
        string Mirror(string more) => """
            {"metadata":{"name":"m","annotations":{"kubernetes.io/config.mirror":"x"},
              "ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"NODE","uid":"1","controller":true}]},
             "spec":{"nodeName":"NODE","containers":[{"name":"c","image":"i"}]MORE}}
            """.Replace("NODE", NameOf(node), StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);

        Assert.EndsWith("can only create mirror pods", (await node.SendAsync(HttpMethod.Post, admin.Core("pods"), """{"metadata":{"name":"x"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(403).Message, StringComparison.Ordinal);
        Assert.EndsWith("can not create pods that reference secrets", (await node.SendAsync(HttpMethod.Post, admin.Core("pods"), Mirror(""","volumes":[{"name":"v","secret":{"secretName":"s"}}]"""))).Expect(403).Message, StringComparison.Ordinal);
        (await node.SendAsync(HttpMethod.Post, admin.Core("pods"), Mirror(""))).Expect(201);
        (await other.SendAsync(HttpMethod.Delete, admin.Core("pods/m"))).Expect(403);
        (await other.SendAsync(HttpMethod.Patch, admin.Core("pods/p/status"), """{"status":{"phase":"Failed"}}""", "application/merge-patch+json")).Expect(403);
        (await node.SendAsync(HttpMethod.Patch, admin.Core("pods/p/status"), """{"status":{"phase":"Running"}}""", "application/merge-patch+json")).Expect(200);
        (await node.SendAsync(HttpMethod.Delete, admin.Core("pods/m"), """{"gracePeriodSeconds":0}""")).Expect(200);
    }

    private static string NameOf(ApiClient node) => node.Namespace;

    /// <summary>An administrator in a new namespace, and the kubelets of two nodes; the "namespace" of their clients is the node's name.</summary>
    private async Task<(ApiClient Admin, ApiClient Node, ApiClient Other)> NodesAsync()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var nodes = new List<ApiClient>();
        foreach (var letter in (string[])["a", "b"])
        {
            var name = $"{admin.Namespace}-{letter}";
            (await admin.SendAsync(HttpMethod.Post, "/api/v1/nodes", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
            nodes.Add(fixture.Server.As(name, $"system:node:{name}", "system:nodes"));
        }

        return (admin, nodes[0], nodes[1]);
    }
}
