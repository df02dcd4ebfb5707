using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>Tokens that the server has signed itself and must not believe any more, or not here (B35).</summary>
[Collection(AttackCollection.Name)]
public sealed class TokenAttackTests(AttackedServer server)
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task B35_ExpiredToken_IsRefused()
    {
        var claims = ClaimsOf(await server.Admin.CreateAccountAsync("late"));
        await IsBelievedAsync(server.TokenKey.Sign(claims));
        var past = TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds();
        (claims["iat"], claims["nbf"], claims["exp"]) = (past, past, past + 3600);

        await IsRefusedAsync(server.TokenKey.Sign(claims));
    }

    [Fact]
    public async Task B35_TokenForAnotherAudience_IsRefused()
    {
        await IsBelievedAsync(await server.Admin.CreateAccountAsync("stray"));

        await IsRefusedAsync(await server.Admin.CreateTokenAsync("stray", """{"audiences":["vault"]}"""));
    }

    [Fact]
    public async Task B35_TokenOfAPodThatIsGone_IsRefused()
    {
        await server.Admin.CreateAccountAsync("orphan");
        (await server.Admin.CreateAsync(
            "pods", """{"metadata":{"name":"gone"},"spec":{"serviceAccountName":"orphan","containers":[{"name":"c","image":"i"}]}}""")).Expect(201);
        var token = await server.Admin.CreateTokenAsync("orphan", """{"boundObjectRef":{"kind":"Pod","apiVersion":"v1","name":"gone"}}""");
        await IsBelievedAsync(token);
        (await server.Admin.SendAsync(HttpMethod.Delete, server.Admin.Core("pods/gone"), """{"gracePeriodSeconds":0}""")).Expect(200);

        await IsRefusedAsync(token);
    }

    private static JsonObject ClaimsOf(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    private async Task IsBelievedAsync(string token) => (await server.WithToken(token).SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(201);

    private async Task IsRefusedAsync(string token)
    {
        var client = server.WithToken(token);

        var cost = await server.MeasureAsync(async () =>
        {
            for (var attempt = 0; attempt < 100; attempt++)
            {
                Assert.Equal("Unauthorized", (await client.SendAsync(HttpMethod.Post, WhoAmI, "{}")).Expect(401).Reason);
            }
        });

        cost.ExpectWithin(Soon);
    }
}
