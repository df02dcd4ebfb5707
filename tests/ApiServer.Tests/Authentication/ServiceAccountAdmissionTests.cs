using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Authentication;

/// <summary>What pods get of their service account.</summary>
public sealed class ServiceAccountAdmissionTests
{
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    [Fact]
    public async Task Pod_RunsAsAnAccount_AndItsContainersGetItsToken_UnlessSaidOtherwise()
    {
        await using var server = await TestApiServer.StartAsync(options => options with { DisableAdmissionPlugins = [] });
        var admin = new ApiClient(server.Client, "default");
        (await admin.CreateAsync("serviceaccounts", """{"metadata":{"name":"default"}}""")).Expect(201);
        (await admin.CreateAsync("serviceaccounts", """{"metadata":{"name":"shy"},"automountServiceAccountToken":false,"imagePullSecrets":[{"name":"pull"}]}""")).Expect(201);

        var plain = await CreateAsync(admin, "plain", "");
        var volume = Assert.Single(plain.ObjectsAt("spec", "volumes"));
        Assert.Matches("^kube-api-access-[a-z0-9]{5}$", volume.StringAt("name"));
        Assert.Equal(
            """{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},"""
            + """{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}""",
            volume["projected"]!.ToJsonString());
        var mount = Assert.Single(plain.At("spec", "containers")![0].ObjectsAt("volumeMounts"));
        Assert.Equal((volume.StringAt("name"), true, MountPath), (mount.StringAt("name"), mount.BooleanAt("readOnly"), mount.StringAt("mountPath")));
        Assert.Equal(("default", "default"), (plain.StringAt("spec", "serviceAccountName"), plain.StringAt("spec", "serviceAccount")));

        var shy = await CreateAsync(admin, "shy", "\"serviceAccountName\":\"shy\",");
        Assert.Null(shy.At("spec", "volumes"));
        Assert.Equal("pull", shy.At("spec", "imagePullSecrets")![0].StringAt("name"));
        Assert.NotNull((await CreateAsync(admin, "bold", "\"serviceAccountName\":\"shy\",\"automountServiceAccountToken\":true,")).At("spec", "volumes"));
        Assert.Null((await CreateAsync(admin, "none", "\"automountServiceAccountToken\":false,")).At("spec", "volumes"));

        // A mount at its place stays, and nobody needs the volume then.
        var own = await admin.CreateAsync("pods", $$$"""
            {"metadata":{"name":"own"},"spec":{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"mine","mountPath":"{{{MountPath}}}"}]}],"volumes":[{"name":"mine","emptyDir":{}}]}}
            """);
        Assert.Single(own.Expect(201).Json.ObjectsAt("spec", "volumes"));

        var missing = await admin.CreateAsync("pods", """{"metadata":{"name":"x"},"spec":{"serviceAccountName":"missing","containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal("pods \"x\" is forbidden: error looking up service account default/missing: serviceaccount \"missing\" not found", missing.Expect(403).Message);
    }

    [Theory]
    [InlineData("""{"serviceAccountName":"default","containers":[{"name":"c","image":"i"}]}""", "a mirror pod may not reference service accounts")]
    [InlineData("""{"containers":[{"name":"c","image":"i","envFrom":[{"secretRef":{"name":"s"}}]}]}""", "a mirror pod may not reference secrets")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}]}""", "a mirror pod may not use ServiceAccountToken volume projections")]
    public async Task MirrorPod_ReferencesNothingSecret(string spec, string message)
    {
        await using var server = await TestApiServer.StartAsync(options => options with { DisableAdmissionPlugins = [] });
        var admin = new ApiClient(server.Client, "default");

        var answer = await admin.CreateAsync("pods", """{"metadata":{"name":"m","annotations":{"kubernetes.io/config.mirror":"x"}},"spec":SPEC}""".Replace("SPEC", spec, StringComparison.Ordinal));

        Assert.EndsWith(message, answer.Expect(403).Message, StringComparison.Ordinal);
    }

    private static async Task<JsonObject> CreateAsync(ApiClient admin, string name, string spec) => (await admin.CreateAsync(
        "pods", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{ {{{spec}}}"containers":[{"name":"c","image":"i"}]}}""")).Expect(201).Json;
}
