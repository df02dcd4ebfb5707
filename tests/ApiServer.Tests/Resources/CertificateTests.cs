using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Certificates;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Requests for certificates: who asks, for what, and what may be said of them where.</summary>
[Collection(ServerCollection.Name)]
public sealed class CertificateTests(ServerFixture fixture)
{
    private const string Path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private const string Approved = """{"conditions":[{"type":"Approved","status":"True"}]}""";

    [Fact]
    public async Task Request_NamesWhoSendsIt_WhateverItSays()
    {
        var client = await fixture.CreateNamespaceAsync();
        var request = Request();
        request["metadata"] = new JsonObject { ["name"] = $"Any:Name-{client.Namespace}" };
        request["spec"]!["username"] = "somebody-else";

        var created = (await client.SendAsync(HttpMethod.Post, Path, request.ToJsonString())).Expect(201).Json;

        Assert.Equal("admin", created.StringAt("spec", "username"));
        Assert.Equal("""["system:masters","system:authenticated"]""", created.At("spec", "groups")?.ToJsonString());
    }

    [Fact]
    public void Request_Good_HasNoFault() => Assert.Empty(Faults(Request()));

    [Theory]
    [InlineData("request", "\"eA==\"", "spec.request: Invalid value: \"eA==\": PEM block type must be CERTIFICATE REQUEST")]
    [InlineData("usages", "[]", "spec.usages: Required value")]
    [InlineData("usages", "[\"client auth\",\"client auth\"]", "spec.usages[1]: Duplicate value: \"client auth\"")]
    [InlineData("signerName", "\"\"", "spec.signerName: Required value")]
    [InlineData("signerName", "\"plain\"", "spec.signerName: Invalid value: \"plain\": must be a fully qualified domain and path of the form 'example.com/signer-name'")]
    [InlineData("signerName", "\"one/x\"", "spec.signerName: Invalid value: \"one\": should be a domain with at least two segments separated by dots")]
    [InlineData("signerName", "\"kubernetes.io/legacy-unknown\"", "spec.signerName: Invalid value: \"kubernetes.io/legacy-unknown\": the legacy signerName is not allowed via this API version")]
    [InlineData("expirationSeconds", "599", "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)")]
    public void Request_BadField_GivesUpstreamsText(string field, string value, string fault)
    {
        var request = Request();
        request["spec"]![field] = JsonNode.Parse(value);

        Assert.Equal(fault, Faults(request));
    }

    [Fact]
    public void Request_UnknownUsage_IsToldAllThatThereAre()
    {
        var request = Request();
        request["spec"]!["usages"] = new JsonArray("fly");

        Assert.StartsWith("spec.usages[0]: Unsupported value: \"fly\": supported values: \"any\", \"cert sign\", \"client auth\", ", Faults(request));
    }

    [Theory]
    [InlineData("{}", Approved, false, "status.conditions: Forbidden: updates may not add a condition of type \"Approved\"")]
    [InlineData("{}", Approved, true, "")]
    [InlineData(Approved, "{}", true, "status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"")]
    [InlineData(Approved, """{"conditions":[{"type":"Approved","status":"True"},{"type":"Denied","status":"True"}]}""", true, "status.conditions[1].type: Invalid value: \"Denied\": Approved and Denied conditions are mutually exclusive")]
    [InlineData("{}", """{"conditions":[{"type":"Approved","status":"False"}]}""", true, "status.conditions[0].status: Unsupported value: \"False\": supported values: \"True\"")]
    [InlineData("{}", """{"certificate":"eA=="}""", false, "status.certificate: Invalid value: \"<certificate data>\": must contain at least one CERTIFICATE PEM block")]
    public void Status_Change_IsForWhomItIs(string before, string after, bool approves, string faults)
    {
        var (old, now) = (Request(), Request());
        old["status"] = JsonNode.Parse(before);
        now["status"] = JsonNode.Parse(after);
        var found = approves
            ? CertificateSigningRequestStrategy.ValidateApproval(now, old)
            : Strategies.Of("certificatesigningrequests").ValidateStatusUpdate(now, old);

        Assert.Equal(faults, string.Join("\n", found));
    }

    [Theory]
    [InlineData("approval", "approve", """{"conditions":[{"type":"Approved","status":"True","reason":"Test"}]}""")]
    [InlineData("status", "sign", """{"conditions":[{"type":"Failed","status":"True","reason":"Test"}]}""")]
    public async Task Subresource_OfWhoMayNotUseTheSigner_IsForbidden(string subresource, string verb, string status)
    {
        var admin = await fixture.CreateNamespaceAsync();
        async Task<ApiAnswer> ChangeAsync(string who, string signer)
        {
            var user = $"{admin.Namespace}-{who}";
            await CreateAsync(admin, user, Request(), 201);
            await GiveAsync(admin, user, subresource, verb, signer);
            var client = fixture.Server.As(admin.Namespace, user);
            return await client.SendAsync(HttpMethod.Patch, $"{Path}/{user}/{subresource}", $$"""{"status":{{status}}}""", "application/merge-patch+json");
        }

        var refused = (await ChangeAsync("clerk", "example.com/other")).Expect(403);
        (await ChangeAsync("signer", "kubernetes.io/kube-apiserver-client")).Expect(200);
        (await ChangeAsync("wide", "kubernetes.io/*")).Expect(200);

        Assert.Equal(
            $"certificatesigningrequests.certificates.k8s.io \"{admin.Namespace}-clerk\" is forbidden: user not permitted to {verb} requests with signerName \"kubernetes.io/kube-apiserver-client\"",
            refused.Message);
    }

    [Fact]
    public async Task Request_ForAdministrators_IsForbidden()
    {
        var admin = await fixture.CreateNamespaceAsync();

        var refused = await CreateAsync(admin, admin.Namespace, Request("O=system:masters, CN=test"), 403);
        await CreateAsync(admin, admin.Namespace, Request("O=people, CN=test"), 201);

        Assert.Equal(
            $"certificatesigningrequests.certificates.k8s.io \"{admin.Namespace}\" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed",
            refused.Message);
    }

    private static async Task<ApiAnswer> CreateAsync(ApiClient client, string name, JsonObject request, int status)
    {
        request["metadata"] = new JsonObject { ["name"] = name };
        return (await client.SendAsync(HttpMethod.Post, Path, request.ToJsonString())).Expect(status);
    }

    private static async Task GiveAsync(ApiClient admin, string user, string subresource, string verb, string signer)
    {
        const string rbac = "/apis/rbac.authorization.k8s.io/v1";
        (await admin.SendAsync(HttpMethod.Post, $"{rbac}/clusterroles", $$"""
            {"metadata":{"name":"{{user}}"},"rules":[
             {"apiGroups":["certificates.k8s.io"],"resources":["certificatesigningrequests/{{subresource}}"],"verbs":["patch"]},
             {"apiGroups":["certificates.k8s.io"],"resources":["signers"],"resourceNames":["{{signer}}"],"verbs":["{{verb}}"]}]}
            """)).Expect(201);
        (await admin.SendAsync(HttpMethod.Post, $"{rbac}/clusterrolebindings", $$"""
            {"metadata":{"name":"{{user}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{user}}"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{user}}"}]}
            """)).Expect(201);
    }

    private static string Faults(JsonObject request) => string.Join("\n", Strategies.Of("certificatesigningrequests").Validate(request));

    private static JsonObject Request(string subject = "CN=test")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["request"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(pem)),
                ["signerName"] = "kubernetes.io/kube-apiserver-client",
                ["usages"] = new JsonArray("client auth"),
            },
        };
    }
}
