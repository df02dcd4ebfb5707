using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using Microsoft.Extensions.Time.Testing;

using MiniKube.Api.Serialization;
using MiniKube.Api.Tokens;
using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests.Authentication;

/// <summary>Service account tokens: what they say, and when they are not believed (BAD_INPUTS.md B35).</summary>
[Collection(ServerCollection.Name)]
public sealed class TokenTests(ServerFixture fixture)
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Pod = """{"metadata":{"name":"p"},"spec":{"serviceAccountName":"robot","nodeName":"n","containers":[{"name":"c","image":"i"}]}}""";

    [Fact]
    public async Task Token_OfAnAccount_IsTheAccount()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var token = await admin.CreateAccountAsync("robot");

        var user = await WhoAsync(token);

        Assert.Equal($"system:serviceaccount:{admin.Namespace}:robot", user.StringAt("username"));
        Assert.Equal(
            ["system:serviceaccounts", $"system:serviceaccounts:{admin.Namespace}", "system:authenticated"], user["groups"]!.AsArray().Select(group => group!.ToString()));
        Assert.Equal((await admin.GetAsync(admin.Core("serviceaccounts/robot"))).Json.StringAt("metadata", "uid"), user.StringAt("uid"));
        Assert.StartsWith("JTI=", user.At("extra", "authentication.kubernetes.io/credential-id")![0]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_HasUpstreamsClaims()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.CreateAccountAsync("robot");
        var pod = (await admin.CreateAsync("pods", Pod)).Expect(201);

        var claims = ClaimsOf(await admin.CreateTokenAsync("robot", """{"expirationSeconds":3607,"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}"""));

        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "kubernetes.io", "nbf", "sub"], claims.Select(claim => claim.Key));
        Assert.Equal("https://kubernetes.default.svc.cluster.local", claims["aud"]![0]!.ToString());
        Assert.Equal($"system:serviceaccount:{admin.Namespace}:robot", claims.StringAt("sub"));
        var own = claims.ObjectAt("kubernetes.io");
        Assert.Equal(["namespace", "node", "pod", "serviceaccount", "warnafter"], own!.Select(claim => claim.Key));
        Assert.Equal(pod.Json.StringAt("metadata", "uid"), own.StringAt("pod", "uid"));
        Assert.Equal("n", own.StringAt("node", "name"));

        // Upstream lets just these live for a year and warns after what was asked for.
        Assert.Equal(3607, own.IntegerAt("warnafter") - claims.IntegerAt("iat"));
        Assert.Equal(365 * 24 * 3600, claims.IntegerAt("exp") - claims.IntegerAt("iat"));
    }

    [Fact]
    public async Task TokenBoundToAPod_EndsWithThePod()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.CreateAccountAsync("robot");
        (await admin.CreateAsync("pods", Pod)).Expect(201);
        var token = await admin.CreateTokenAsync("robot", """{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"p"}}""");
        var user = await WhoAsync(token);
        Assert.Equal("p", user.At("extra", "authentication.kubernetes.io/pod-name")![0]!.ToString());
        Assert.Equal("n", user.At("extra", "authentication.kubernetes.io/node-name")![0]!.ToString());

        (await admin.SendAsync(HttpMethod.Delete, admin.Core("pods/p"), """{"gracePeriodSeconds":0}""")).Expect(200);
        await IsRefusedAsync(token);

        // A pod of the same name is another one.
        (await admin.CreateAsync("pods", Pod)).Expect(201);
        await IsRefusedAsync(token);
    }

    [Fact]
    public async Task Token_EndsWithItsAccount_AlsoWhenThereIsANewOneOfThatName()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var token = await admin.CreateAccountAsync("robot");
        await WhoAsync(token);

        (await admin.SendAsync(HttpMethod.Delete, admin.Core("serviceaccounts/robot"))).Expect(200);
        await IsRefusedAsync(token);
        await admin.CreateAccountAsync("robot");
        await IsRefusedAsync(token);
    }

    [Fact]
    public async Task Token_ForAnotherAudience_IsRefused_ButReviewedForIt()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.CreateAccountAsync("robot");
        var token = await admin.CreateTokenAsync("robot", """{"audiences":["vault"]}""");

        await IsRefusedAsync(token);
        var here = await ReviewAsync(admin, token, "[]");
        Assert.False(here.BooleanAt("authenticated") ?? false);
        Assert.Contains("token audiences [\"vault\"] is invalid", here.StringAt("error"), StringComparison.Ordinal);
        var there = await ReviewAsync(admin, token, """["vault","other"]""");
        Assert.True(there.BooleanAt("authenticated"));
        Assert.Equal("vault", Assert.Single(there["audiences"]!.AsArray())!.ToString());
        Assert.Equal($"system:serviceaccount:{admin.Namespace}:robot", there.StringAt("user", "username"));
    }

    [Fact]
    public async Task Token_EndsAfterItsTime_WithAMinuteForClocksThatDiffer_AndBeginsWithIt()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await TestApiServer.StartAsync(clock: clock);
        var admin = new ApiClient(server.Client, "default");
        var token = await admin.CreateAccountAsync("robot");
        var shortToken = await admin.CreateTokenAsync("robot", """{"expirationSeconds":600}""");
        Task<ApiAnswer> TryAsync(string text) => server.WithToken(text).SendAsync(HttpMethod.Post, WhoAmI, "{}");

        clock.Advance(TimeSpan.FromSeconds(655));
        (await TryAsync(shortToken)).Expect(201);
        clock.Advance(TimeSpan.FromSeconds(10));
        (await TryAsync(shortToken)).Expect(401);
        Assert.Contains("service account token has expired", (await ReviewAsync(admin, shortToken, "[]")).StringAt("error"), StringComparison.Ordinal);
        (await TryAsync(token)).Expect(201);

        // A token of a server whose clock is ahead.
        var later = await admin.CreateTokenAsync("robot");
        clock.AdjustTime(clock.GetUtcNow() - TimeSpan.FromMinutes(5));
        (await TryAsync(later)).Expect(401);
        Assert.Contains("service account token is not valid yet", (await ReviewAsync(admin, later, "[]")).StringAt("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_OfOtherKeysAndIssuers_AreBelieved_WhenTheServerIsToldOf()
    {
        var folder = Directory.CreateTempSubdirectory("minikube-keys-").FullName;
        async Task<string> WriteAsync(string name, string text)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
            return Path.Combine(folder, name);
        }

        using var rsa = RSA.Create(2048);
        using var old = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var publicRsa = await WriteAsync("rsa.pub", rsa.ExportRSAPublicKeyPem());
        var both = await WriteAsync("both.pub", old.ExportSubjectPublicKeyInfoPem() + "\n" + old.ExportECPrivateKeyPem());
        var signing = await WriteAsync("rsa.key", rsa.ExportPkcs8PrivateKeyPem());
        await using var server = await TestApiServer.StartAsync(options => options with
        {
            ServiceAccountSigningKeyFile = signing,
            ServiceAccountKeyFiles = [publicRsa, both],
            ServiceAccountIssuers = ["https://new.example", "https://old.example"],
            ApiAudiences = ["api"],
        });
        var admin = new ApiClient(server.Client, "default");
        var token = await admin.CreateAccountAsync("robot");
        var claims = ClaimsOf(token);
        Assert.Equal(("https://new.example", "api"), (claims.StringAt("iss"), claims["aud"]![0]!.ToString()));
        Assert.Equal(["RS256", "ES384"], (await admin.GetAsync("/openid/v1/jwks")).Json.ObjectsAt("keys").Select(key => key.StringAt("alg")));

        claims["iss"] = "https://old.example";
        var earlier = new SigningKey(old).Sign(claims);
        claims["iss"] = "https://strange.example";
        var strange = new SigningKey(old).Sign(claims);

        (await server.WithToken(token).SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(201);
        (await server.WithToken(earlier).SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(201);
        (await server.WithToken(strange).SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(401);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Token_WithoutASignature_OrSignedWithThePublicKeyAsASecret_IsRefused()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var token = await admin.CreateAccountAsync("robot");
        var parts = token.Split('.');
        var keys = (await admin.GetAsync("/openid/v1/jwks")).Expect(200);

        await IsRefusedAsync($"{Encode("""{"alg":"none"}""")}.{parts[1]}.");
        await IsRefusedAsync($"{Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.{parts[2]}");
        foreach (var secret in (string[])[keys.Text, keys.Json["keys"]![0]!.ToJsonString(), keys.Json["keys"]![0]!["x"]!.ToString()])
        {
            var content = $"{Encode("""{"alg":"HS256"}""")}.{parts[1]}";
            await IsRefusedAsync($"{content}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(content)))}");
        }

        // Another's key, and other claims under a good signature.
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = $"{parts[0]}.{parts[1]}";
        await IsRefusedAsync($"{signed}.{Base64Url.EncodeToString(stranger.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}");
        var claims = ClaimsOf(token);
        claims["sub"] = "system:serviceaccount:kube-system:admin";
        await IsRefusedAsync($"{parts[0]}.{Encode(claims.ToJsonString())}.{parts[2]}");
        await WhoAsync(token);
    }

    [Theory]
    [InlineData("Bearer", 403)]
    [InlineData("Bearer ", 403)]
    [InlineData("Bearer  x", 403)]
    [InlineData("Basic dTpw", 403)]
    [InlineData("Bearer x", 401)]
    [InlineData("bearer x y", 401)]
    [InlineData("Bearer a.b.c", 401)]
    [InlineData("Bearer ....", 401)]
    public async Task AuthorizationHeader_IsReadAsUpstream_WhatIsNoTokenIsAnonymous(string header, int status)
    {
        using var http = fixture.Server.CreateClient("");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/pods");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("""{"expirationSeconds":599}""", 422, "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes")]
    [InlineData("""{"expirationSeconds":4294967297}""", 422, "may not specify a duration larger than 2^32 seconds")]
    [InlineData("""{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"missing"}}""", 404, "pods \"missing\" not found")]
    [InlineData("""{"boundObjectRef":{"kind":"ConfigMap","apiVersion":"v1","name":"c"}}""", 400, "cannot bind token to object of type /v1, Kind=ConfigMap")]
    [InlineData("""{"boundObjectRef":{"kind":"Secret","apiVersion":"v1","name":"s","uid":"other"}}""", 409, "the UID in the bound object reference (other) does not match the UID in record")]
    [InlineData("""{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"foreign"}}""", 400, "cannot bind token for serviceaccount \"robot\" to pod running with different serviceaccount name.")]
    public async Task TokenRequest_ThatCannotBeMet_IsRefusedInUpstreamsWords(string spec, int status, string message)
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.CreateAccountAsync("robot");
        (await admin.CreateAsync("secrets", """{"metadata":{"name":"s"}}""")).Expect(201);
        (await admin.CreateAsync("pods", """{"metadata":{"name":"foreign"},"spec":{"serviceAccountName":"other","containers":[{"name":"c","image":"i"}]}}""")).Expect(201);

        var answer = (await admin.SendAsync(HttpMethod.Post, admin.Core("serviceaccounts/robot/token"), $$"""{"spec":{{spec}}}""")).Expect(status);

        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenRequest_IsAnsweredWhole()
    {
        var admin = await fixture.CreateNamespaceAsync();
        await admin.CreateAccountAsync("robot");

        var answer = (await admin.SendAsync(
            HttpMethod.Post, admin.Core("serviceaccounts/robot/token"), """{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","spec":{"expirationSeconds":1200}}""")).Expect(201);

        Assert.Equal("TokenRequest", answer.Json.StringAt("kind"));
        Assert.Equal("robot", answer.Json.StringAt("metadata", "name"));
        Assert.Equal(1200, answer.Json.IntegerAt("spec", "expirationSeconds"));
        var lives = DateTimeOffset.Parse(answer.Json.StringAt("status", "expirationTimestamp")!, null) - TimeProvider.System.GetUtcNow();
        Assert.InRange(lives.TotalSeconds, 1100, 1201);
        (await admin.SendAsync(HttpMethod.Post, admin.Core("serviceaccounts/missing/token"), "{}")).Expect(404);
    }

    [Fact]
    public async Task Discovery_TellsIssuerAndKeys_ToServiceAccounts_AndNotToAnonymous()
    {
        var admin = await fixture.CreateNamespaceAsync();
        var account = fixture.Server.WithToken(await admin.CreateAccountAsync("robot"));

        var configuration = (await account.GetAsync("/.well-known/openid-configuration")).Expect(200);
        Assert.Equal("https://kubernetes.default.svc.cluster.local", configuration.Json.StringAt("issuer"));
        Assert.EndsWith("/openid/v1/jwks", configuration.Json.StringAt("jwks_uri"), StringComparison.Ordinal);
        var keys = (await account.GetAsync("/openid/v1/jwks")).Expect(200);
        Assert.Equal("application/jwk-set+json", keys.ContentHeaders.ContentType?.MediaType);
        var header = JsonNode.Parse(Base64Url.DecodeFromChars((await admin.CreateTokenAsync("robot")).Split('.')[0]));
        Assert.Contains(header.StringAt("kid"), keys.Json.ObjectsAt("keys").Select(key => key.StringAt("kid")));
        using var anonymous = fixture.Server.CreateClient("");
        (await new ApiClient(anonymous, "default").GetAsync("/openid/v1/jwks")).Expect(403);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static JsonObject ClaimsOf(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    private static async Task<JsonNode> ReviewAsync(ApiClient admin, string token, string audiences) => (await admin.SendAsync(
        HttpMethod.Post, "/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"spec":{"token":"{{{token}}}","audiences":{{{audiences}}}}}""")).Expect(201).Json["status"]!;

    private async Task<JsonNode> WhoAsync(string token) =>
        (await fixture.Server.WithToken(token).SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(201).Json.At("status", "userInfo")!;

    private async Task IsRefusedAsync(string token)
    {
        var answer = (await fixture.Server.WithToken(token).SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(401);
        Assert.Equal("Unauthorized", answer.Reason);
    }
}
