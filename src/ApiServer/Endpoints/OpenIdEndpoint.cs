using System.Text;
using System.Text.Json.Nodes;

using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>What others need to check service account tokens by themselves: the issuer's metadata and its keys (OpenID Connect Discovery).</summary>
/// <param name="keys">Issuer and keys.</param>
/// <param name="jwksUri">Where the keys are found.</param>
internal sealed class OpenIdEndpoint(ServiceAccountKeys keys, string jwksUri) : IPathEndpoint
{
    public const string KeysPath = "/openid/v1/jwks";
    private const string ConfigurationPath = "/.well-known/openid-configuration";

    public async Task<bool> TryHandleAsync(ApiRequest request)
    {
        var (type, document) = request.Info.Path switch
        {
            ConfigurationPath => ("application/json", Configuration()),
            KeysPath => ("application/jwk-set+json", keys.ToJwks()),
            _ => ("", null),
        };
        if (document is null || request.Http.Request.Method is not ("GET" or "HEAD"))
        {
            return false;
        }

        request.Http.Response.Headers.CacheControl = "public, max-age=3600";
        await Answer.WriteAsync(request, StatusCodes.Status200OK, type, [Encoding.UTF8.GetBytes(document.ToJsonString())]);
        return true;
    }

    private JsonObject Configuration() => new()
    {
        ["issuer"] = keys.Issuers[0],
        ["jwks_uri"] = jwksUri,
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray([.. keys.All.Select(key => key.Algorithm).Distinct().Order().Select(name => JsonValue.Create(name))]),
    };
}
