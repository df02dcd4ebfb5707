using MiniKube.Api.Serialization;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Authentication;

/// <summary>Certificates, token files and headers (BAD_INPUTS.md B36).</summary>
[Collection(ServerCollection.Name)]
public sealed class CredentialTests(ServerFixture fixture)
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsRefused_WhateverItSays()
    {
        using var strangers = new TestCertificates();
        var (certificate, key) = strangers.Client("admin", "system:masters");

        (await ClientOf(certificate, key).GetAsync("/api/v1/pods")).Expect(401);
        (await ClientOf(certificate, key).GetAsync("/healthz")).Expect(401);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_DoesNotSpoilAGoodToken()
    {
        using var strangers = new TestCertificates();
        var (certificate, key) = strangers.Client("admin", "system:masters");
        var admin = await fixture.CreateNamespaceAsync();
        var client = ClientOf(certificate, key);
        client.Http.DefaultRequestHeaders.Authorization = new("Bearer", await admin.CreateAccountAsync("robot"));

        var user = (await client.SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(201).Json.StringAt("status", "userInfo", "username");

        Assert.Equal($"system:serviceaccount:{admin.Namespace}:robot", user);
    }

    [Fact]
    public async Task Certificate_WithoutAName_IsRefused()
    {
        var (certificate, key) = fixture.Server.IssueClient("O=system:masters");

        (await ClientOf(certificate, key).GetAsync("/api/v1/pods")).Expect(401);
    }

    [Fact]
    public async Task RemoteUserHeaders_WithoutAFrontProxy_AreIgnored()
    {
        using var http = fixture.Server.CreateClient("");
        http.DefaultRequestHeaders.Add("X-Remote-User", "admin");
        http.DefaultRequestHeaders.Add("X-Remote-Group", "system:masters");
        http.DefaultRequestHeaders.Add("X-Remote-Extra-Scopes", "all");

        var answer = (await new ApiClient(http, "default").GetAsync("/api/v1/pods")).Expect(403);

        Assert.Equal("pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\" at the cluster scope", answer.Message);
    }

    [Fact]
    public async Task TokenFile_NamesUsersAndGroups()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, "secret-1,alice,u1,\"system:masters,others\"\n\nsecret-2,bob,u2\n", TestContext.Current.CancellationToken);
        await using var server = await TestApiServer.StartAsync(options => options with { TokenAuthFile = file });
        File.Delete(file);

        var alice = (await server.WithToken("secret-1").SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(201).Json["status"]!["userInfo"]!;
        Assert.Equal("""{"username":"alice","uid":"u1","groups":["system:masters","others","system:authenticated"]}""", alice.ToJsonString());
        (await server.WithToken("secret-1").GetAsync("/api/v1/nodes")).Expect(200);
        (await server.WithToken("secret-2").GetAsync("/api/v1/nodes")).Expect(403);
        (await server.WithToken("secret-3").GetAsync("/version")).Expect(401);
    }

    private ApiClient ClientOf(string certificate, string key) => new(fixture.Server.ClientWith(certificate, key), "default");
}
