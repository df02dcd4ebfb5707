using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>The steps of upstream's conformance tests "should support … API operations" and "lifecycle of a …": a row for each kind, with their bodies and patches.</summary>
[Collection(ServerCollection.Name)]
public sealed class ApiOperationsTests(ServerFixture fixture)
{
    private const string Merge = "application/merge-patch+json";

    // The server itself writes to some kinds: flow schemas get a condition a moment after they were made.
    private const int MostAttempts = 10;

    /// <summary>The group version, the plural, whether it is namespaced, a body without its metadata, a patch of its status (empty: it has none) and where that is seen.</summary>
    public static TheoryData<string, string, bool, string, string, string> Kinds => new()
    {
        { "flowcontrol.apiserver.k8s.io/v1", "flowschemas", false, """{"spec":{"matchingPrecedence":10000,"priorityLevelConfiguration":{"name":"global-default"},"distinguisherMethod":{"type":"ByUser"},"rules":[{"subjects":[{"kind":"User","user":{"name":"example-e2e-non-existent-user"}}],"nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}]}}""", """{"conditions":[{"type":"PatchStatusFailed","status":"False","reason":"e2e"}]}""", "conditions" },
        { "flowcontrol.apiserver.k8s.io/v1", "prioritylevelconfigurations", false, """{"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":2,"limitResponse":{"type":"Reject"}}}}""", """{"conditions":[{"type":"PatchStatusFailed","status":"False","reason":"e2e"}]}""", "conditions" },
        { "networking.k8s.io/v1", "ingresses", true, """{"spec":{"defaultBackend":{"service":{"name":"defaultbackend","port":{"number":80}}},"rules":[{"host":"foo.bar.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"test-backend","port":{"number":8080}}}}]}}]}}""", """{"loadBalancer":{"ingress":[{"ip":"169.1.1.1"}]}}""", "loadBalancer" },
        { "networking.k8s.io/v1", "ingressclasses", false, """{"spec":{"controller":"example.com/controller"}}""", "", "" },
        { "networking.k8s.io/v1", "networkpolicies", true, """{"spec":{"podSelector":{"matchLabels":{"pod-name":"test-pod"}},"policyTypes":["Ingress","Egress"],"ingress":[{"from":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}]}}""", "", "" },
        { "networking.k8s.io/v1", "servicecidrs", false, """{"spec":{"cidrs":["10.1.1.0/24"]}}""", """{"conditions":[{"type":"PatchStatus","status":"True","reason":"E2E","message":"Set from e2e test","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""", "conditions" },
        { "node.k8s.io/v1", "runtimeclasses", false, """{"handler":"foo","scheduling":{"nodeSelector":{"a":"b"}},"overhead":{"podFixed":{"cpu":"10m"}}}""", "", "" },
        { "discovery.k8s.io/v1", "endpointslices", true, """{"addressType":"IPv4","endpoints":[{"addresses":["10.1.2.3"],"conditions":{"ready":true}}],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}""", "", "" },
        { "policy/v1", "poddisruptionbudgets", true, """{"spec":{"minAvailable":"1%","selector":{"matchLabels":{"foo":"bar"}}}}""", """{"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1,"disruptedPods":{"a":"2026-01-01T00:00:00Z"}}""", "disruptedPods" },
        { "batch/v1", "cronjobs", true, """{"spec":{"schedule":"0 0 1 1 *","concurrencyPolicy":"Allow","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"OnFailure","containers":[{"name":"c","image":"busybox","command":["sleep","300"]}]}}}}}}""", """{"lastScheduleTime":"2026-01-01T00:00:00Z"}""", "lastScheduleTime" },
        { "batch/v1", "jobs", true, """{"spec":{"suspend":true,"completions":4,"parallelism":2,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"busybox"}]}}}}""", """{"conditions":[{"type":"CustomConditionType","status":"True"}]}""", "conditions" },
        { "coordination.k8s.io/v1", "leases", true, """{"spec":{"holderIdentity":"holder","leaseDurationSeconds":30,"acquireTime":"2026-01-01T00:00:00.000000Z","renewTime":"2026-01-01T00:00:05.000000Z","leaseTransitions":0}}""", "", "" },
        { "apps/v1", "controllerrevisions", true, """{"revision":1,"data":{"spec":{"template":{"$patch":"replace"}}}}""", "", "" },
        { "apps/v1", "deployments", true, """{"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"busybox"}]}}}}""", """{"conditions":[{"type":"StatusPatched","status":"True"}]}""", "conditions" },
        { "apps/v1", "replicasets", true, """{"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"busybox"}]}}}}""", """{"replicas":0,"conditions":[{"type":"StatusPatched","status":"True"}]}""", "conditions" },
        { "apps/v1", "statefulsets", true, """{"spec":{"replicas":0,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"busybox"}]}}}}""", """{"replicas":0,"conditions":[{"type":"StatusPatched","status":"True"}]}""", "conditions" },
        { "apps/v1", "daemonsets", true, """{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"busybox"}]}}}}""", """{"conditions":[{"type":"StatusPatched","status":"True"}]}""", "conditions" },
        { "v1", "replicationcontrollers", true, """{"spec":{"replicas":0,"selector":{"a":"b"},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"busybox"}]}}}}""", """{"replicas":0,"conditions":[{"type":"StatusPatched","status":"True"}]}""", "conditions" },
        { "v1", "services", true, """{"spec":{"type":"LoadBalancer","ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":80}]}}""", """{"loadBalancer":{"ingress":[{"ip":"203.0.113.1"}]}}""", "loadBalancer" },
        { "v1", "resourcequotas", true, """{"spec":{"hard":{"pods":"5"}}}""", """{"hard":{"services":"10"},"used":{"services":"1"}}""", "hard" },
        { "v1", "limitranges", true, """{"spec":{"limits":[{"type":"Container","min":{"cpu":"50m"},"max":{"cpu":"500m"},"default":{"cpu":"500m"},"defaultRequest":{"cpu":"100m"}}]}}""", "", "" },
        { "v1", "podtemplates", true, """{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"busybox"}]}}}""", "", "" },
        { "v1", "endpoints", true, """{"subsets":[{"addresses":[{"ip":"10.0.0.24"}],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}]}""", "", "" },
        { "v1", "secrets", true, """{"data":{"key":"dmFsdWU="},"type":"Opaque"}""", "", "" },
        { "v1", "configmaps", true, """{"data":{"valueName":"value"}}""", "", "" },
        { "v1", "serviceaccounts", true, "{}", "", "" },
        { "v1", "events", true, """{"involvedObject":{"kind":"Event","name":"e","namespace":"{ns}"},"reason":"Test","message":"This is a test event","type":"Normal","count":1}""", "", "" },
        { "events.k8s.io/v1", "events", true, """{"regarding":{"kind":"Event","name":"e","namespace":"{ns}"},"eventTime":"2026-01-01T00:00:00.000000Z","reportingController":"test-controller","reportingInstance":"test-node","action":"Do","reason":"Test","note":"This is a test event","type":"Normal"}""", "", "" },
        { "v1", "persistentvolumeclaims", true, """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"2Gi"}},"storageClassName":""}}""", """{"conditions":[{"type":"StatusPatched","status":"True","reason":"E2E patchStatus","message":"Set by e2e test"}]}""", "conditions" },
        { "v1", "persistentvolumes", false, """{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"2Gi"},"persistentVolumeReclaimPolicy":"Retain","hostPath":{"path":"/tmp/a"}}}""", """{"message":"StatusPatched","reason":"E2E patchStatus"}""", "message" },
        { "storage.k8s.io/v1", "storageclasses", false, """{"provisioner":"kubernetes.io/fake","reclaimPolicy":"Delete"}""", "", "" },
        { "storage.k8s.io/v1", "csinodes", false, """{"spec":{"drivers":null}}""", "", "" },
        { "storage.k8s.io/v1", "csidrivers", false, """{"spec":{"attachRequired":true,"podInfoOnMount":true,"fsGroupPolicy":"File","volumeLifecycleModes":["Persistent","Ephemeral"]}}""", "", "" },
        { "storage.k8s.io/v1", "csistoragecapacities", true, """{"storageClassName":"example-class","capacity":"1Gi"}""", "", "" },
        { "storage.k8s.io/v1", "volumeattachments", false, """{"spec":{"attacher":"e2e-driver","nodeName":"node","source":{"persistentVolumeName":"pv"}}}""", """{"attached":true}""", "attached" },
        { "scheduling.k8s.io/v1", "priorityclasses", false, """{"value":1,"description":"d"}""", "", "" },
        { "admissionregistration.k8s.io/v1", "validatingadmissionpolicies", false, """{"spec":{"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["deployments"]}]},"validations":[{"expression":"object.spec.replicas <= 100"}]}}""", """{"conditions":[{"type":"PatchStatusFailed","status":"False","reason":"e2e","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""", "conditions" },
        { "admissionregistration.k8s.io/v1", "validatingadmissionpolicybindings", false, """{"spec":{"policyName":"replicalimit-policy.example.com","validationActions":["Deny"]}}""", "", "" },
        { "admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", false, """{"webhooks":[]}""", "", "" },
        { "autoscaling/v2", "horizontalpodautoscalers", true, """{"spec":{"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}}}""", """{"currentReplicas":1,"desiredReplicas":2}""", "desiredReplicas" },
        { "rbac.authorization.k8s.io/v1", "clusterroles", false, """{"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""", "", "" },
        { "rbac.authorization.k8s.io/v1", "rolebindings", true, """{"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u","apiGroup":"rbac.authorization.k8s.io"}]}""", "", "" },
        { "resource.k8s.io/v1", "deviceclasses", false, """{"spec":{}}""", "", "" },
        { "resource.k8s.io/v1", "resourceclaims", true, """{"spec":{"devices":{"requests":[{"name":"r","exactly":{"deviceClassName":"c"}}]}}}""", "", "" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Kind_ApiOperations_AreSupported(string version, string plural, bool namespaced, string body, string status, string seen)
    {
        var client = await fixture.CreateNamespaceAsync();
        var root = version.Contains('/', StringComparison.Ordinal) ? $"/apis/{version}" : $"/api/{version}";
        var path = namespaced ? $"{root}/namespaces/{client.Namespace}/{plural}" : $"{root}/{plural}";
        var label = $"e2e={client.Namespace}";
        await ExpectDiscoveryAsync(client, version, root, plural, status.Length > 0);

        // A space of its own for what must be alone.
        var unique = plural == "servicecidrs" ? Ranges(client.Namespace) : [body, body, body];
        var names = new List<string>();
        foreach (var one in unique)
        {
            names.Add((await client.SendAsync(HttpMethod.Post, path, Body(one, client.Namespace))).Expect(201).Json.StringAt("metadata", "name")!);
        }

        var created = (await client.GetAsync($"{path}/{names[2]}")).Expect(200);
        var list = (await client.GetAsync($"{path}?labelSelector={label}")).Expect(200);
        Assert.Equal(3, list.Json.ObjectsAt("items").Count());
        Assert.Equal(3, (await client.GetAsync($"{root}/{plural}?labelSelector={label}")).Expect(200).Json.ObjectsAt("items").Count());
        using var watch = await client.WatchAsync($"{path}?watch=1&resourceVersion={list.Json.StringAt("metadata", "resourceVersion")}&labelSelector={label}");

        var patched = (await client.SendAsync(HttpMethod.Patch, $"{path}/{names[2]}", """{"metadata":{"annotations":{"patched":"true"}}}""", Merge)).Expect(200);
        Assert.Equal("true", patched.Json.StringAt("metadata", "annotations", "patched"));
        Assert.Equal(created.Json.StringAt("metadata", "uid"), patched.Json.StringAt("metadata", "uid"));
        await UpdateAsync(client, $"{path}/{names[2]}", obj => obj.GetOrAddObject("metadata").GetOrAddObject("annotations")["updated"] = "true");
        await ExpectModifiedAsync(watch, "patched");
        await ExpectModifiedAsync(watch, "updated");

        if (status.Length > 0)
        {
            await ExpectStatusAsync(client, $"{path}/{names[2]}/status", status, seen);
        }

        foreach (var name in names)
        {
            // What protects volumes, as the controller would: here is none.
            (await client.SendAsync(HttpMethod.Patch, $"{path}/{name}", """{"metadata":{"finalizers":null}}""", Merge)).Expect(200);
        }

        (await client.SendAsync(HttpMethod.Delete, $"{path}/{names[2]}?propagationPolicy=Background")).Expect(200);
        (await client.GetAsync($"{path}/{names[2]}")).Expect(404);
        var left = (await client.GetAsync($"{path}?labelSelector={label}")).Expect(200).Json.ObjectsAt("items");
        Assert.Equal(names[..2].Order(StringComparer.Ordinal), left.Select(item => item.StringAt("metadata", "name")!).Order(StringComparer.Ordinal));
        (await client.SendAsync(HttpMethod.Delete, $"{path}?labelSelector={label}&propagationPolicy=Background")).Expect(200);
        Assert.Empty((await client.GetAsync($"{path}?labelSelector={label}")).Expect(200).Json.ObjectsAt("items"));
    }

    /// <summary>Upstream's "should support CSR API operations".</summary>
    [Fact]
    public async Task CertificateSigningRequest_ApiOperations_AreSupported()
    {
        var client = await fixture.CreateNamespaceAsync();
        const string Path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        var signer = $"example.com/e2e-{client.Namespace}";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = new CertificateRequest("CN=e2e.example.com", key, HashAlgorithmName.SHA256);
        var request = Convert.ToBase64String(Encoding.ASCII.GetBytes(csr.CreateSigningRequestPem()));
        using var self = csr.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(80));
        var certificate = Convert.ToBase64String(Encoding.ASCII.GetBytes(self.ExportCertificatePem()));
        var body = $$$"""{"metadata":{"generateName":"e2e-example-csr-"},"spec":{"request":"{{{request}}}","signerName":"{{{signer}}}","expirationSeconds":3600,"usages":["digital signature","key encipherment","server auth"]}}""";
        var name = "";
        for (var i = 0; i < 3; i++)
        {
            name = (await client.SendAsync(HttpMethod.Post, Path, body)).Expect(201).Json.StringAt("metadata", "name");
        }

        Assert.Equal(3, (await client.GetAsync($"{Path}?fieldSelector=spec.signerName={signer}")).Json.ObjectsAt("items").Count());
        Assert.Equal("CertificateSigningRequest", (await client.GetAsync($"{Path}/{name}/approval")).Expect(200).Json.StringAt("kind"));
        var approval = (await client.SendAsync(
            HttpMethod.Patch,
            $"{Path}/{name}/approval",
            """{"metadata":{"annotations":{"patchedapproval":"true"}},"status":{"conditions":[{"type":"ApprovalPatch","status":"True","reason":"e2e"}]}}""",
            Merge)).Expect(200).Json;
        Assert.Equal("true ApprovalPatch", $"{approval.StringAt("metadata", "annotations", "patchedapproval")} {approval.ObjectsAt("status", "conditions").Single().StringAt("type")}");
        var approved = await UpdateAsync(client, $"{Path}/{name}/approval", obj => (obj.At("status", "conditions") as JsonArray)!.Add(
            JsonNode.Parse("""{"type":"Approved","status":"True","reason":"E2E","message":"Set from an e2e test"}""")));
        Assert.Equal(["ApprovalPatch", "Approved"], approved.ObjectsAt("status", "conditions").Select(condition => condition.StringAt("type")));
        var status = (await client.SendAsync(
            HttpMethod.Patch,
            $"{Path}/{name}/status",
            "{\"metadata\":{\"annotations\":{\"patchedstatus\":\"true\"}},\"status\":{\"certificate\":\"" + certificate + "\"}}",
            Merge)).Expect(200).Json;
        Assert.Equal($"true {certificate}", $"{status.StringAt("metadata", "annotations", "patchedstatus")} {status.StringAt("status", "certificate")}");
        var updated = await UpdateAsync(client, $"{Path}/{name}/status", obj => (obj.At("status", "conditions") as JsonArray)!.Add(
            JsonNode.Parse("""{"type":"StatusUpdate","status":"True","reason":"E2E","message":"Set from an e2e test"}""")));
        Assert.Equal(["ApprovalPatch", "Approved", "StatusUpdate"], updated.ObjectsAt("status", "conditions").Select(condition => condition.StringAt("type")));
        (await client.SendAsync(HttpMethod.Delete, $"{Path}/{name}")).Expect(200);
        (await client.SendAsync(HttpMethod.Delete, $"{Path}?fieldSelector=spec.signerName={signer}")).Expect(200);
        Assert.Empty((await client.GetAsync($"{Path}?fieldSelector=spec.signerName={signer}")).Json.ObjectsAt("items"));
    }

    private static string[] Ranges(string ns)
    {
        var number = ns.Split('-')[^1].Aggregate(0, (sum, digit) => ((sum * 10) + digit) % 250);
        return [.. Enumerable.Range(0, 3).Select(i => $$$"""{"spec":{"cidrs":["172.{{{16 + i}}}.{{{number}}}.0/24"]}}""")];
    }

    private static string Body(string body, string ns)
    {
        var obj = Strategies.Parse(body.Replace("{ns}", ns, StringComparison.Ordinal));
        obj["metadata"] = new JsonObject { ["generateName"] = "e2e-", ["labels"] = new JsonObject { ["e2e"] = ns } };
        return obj.ToJsonString();
    }

    private static async Task ExpectDiscoveryAsync(ApiClient client, string version, string root, string plural, bool hasStatus)
    {
        if (version.Split('/') is [var group, var name])
        {
            var groups = (await client.GetAsync("/apis")).Expect(200).Json.ObjectsAt("groups");
            Assert.Contains(groups.Single(found => found.StringAt("name") == group).ObjectsAt("versions"), served => served.StringAt("version") == name);
            Assert.Contains((await client.GetAsync($"/apis/{group}")).Expect(200).Json.ObjectsAt("versions"), served => served.StringAt("version") == name);
        }

        var resources = (await client.GetAsync(root)).Expect(200).Json.ObjectsAt("resources").Select(resource => resource.StringAt("name")).ToList();
        Assert.Contains(plural, resources);
        Assert.True(!hasStatus || resources.Contains($"{plural}/status"));
    }

    private static async Task<JsonObject> UpdateAsync(ApiClient client, string path, Action<JsonObject> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            var obj = (await client.GetAsync(path)).Expect(200).Json;
            change(obj);
            var answer = await client.SendAsync(HttpMethod.Put, path, obj.ToJsonString());
            if (answer.Status != 409 || attempt == MostAttempts)
            {
                return answer.Expect(200).Json;
            }
        }
    }

    private static async Task ExpectModifiedAsync(WatchReader watch, string annotation)
    {
        JsonObject? modified;
        do
        {
            modified = await watch.NextAsync();
            Assert.Equal("MODIFIED", modified.StringAt("type"));
        }
        while (modified.StringAt("object", "metadata", "annotations", annotation) != "true");
    }

    private static async Task ExpectStatusAsync(ApiClient client, string path, string status, string seen)
    {
        (await client.GetAsync(path)).Expect(200);
        var patch = $$$"""{"metadata":{"annotations":{"patchedstatus":"true"}},"status":{{{status}}}}""";
        var patched = (await client.SendAsync(HttpMethod.Patch, path, patch, Merge)).Expect(200).Json;
        Assert.Equal("true", patched.StringAt("metadata", "annotations", "patchedstatus"));
        Assert.NotNull(patched.At("status", seen));
        string? sent = null;
        var updated = await UpdateAsync(client, path, obj =>
        {
            sent = obj.At("status", seen)?.ToJsonString();
            obj.GetOrAddObject("metadata").GetOrAddObject("annotations")["updatedstatus"] = "true";
        });
        Assert.Equal("true", updated.StringAt("metadata", "annotations", "updatedstatus"));
        Assert.NotNull(sent);
        Assert.Equal(sent, updated.At("status", seen)?.ToJsonString());
    }
}
