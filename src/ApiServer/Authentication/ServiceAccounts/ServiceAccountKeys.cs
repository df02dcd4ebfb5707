using System.Text.Json.Nodes;

using MiniKube.Api.Tokens;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>The issuers and keys of service account tokens: the first issuer and the signing key make new ones, all others are still believed.</summary>
internal sealed class ServiceAccountKeys
{
    private ServiceAccountKeys(IReadOnlyList<string> issuers, IReadOnlyList<string> apiAudiences, SigningKey signing, IReadOnlyList<PublicKey> all)
    {
        (Issuers, ApiAudiences, Signing, All) = (issuers, apiAudiences, signing, all);
    }

    public IReadOnlyList<string> Issuers { get; }

    public IReadOnlyList<string> ApiAudiences { get; }

    public SigningKey Signing { get; }

    public IReadOnlyList<PublicKey> All { get; }

    /// <summary>Without key files the server makes a key in memory: its tokens are good until it stops, and on no other server.</summary>
    public static ServiceAccountKeys Load(ApiServerOptions options)
    {
        var signing = options.ServiceAccountSigningKeyFile is { } file ? SigningKey.Parse(File.ReadAllText(file), file) : SigningKey.Create();
        IEnumerable<PublicKey> all = options.ServiceAccountKeyFiles.Count > 0 ? options.ServiceAccountKeyFiles.SelectMany(name => PublicKey.Parse(File.ReadAllText(name), name)) : [signing.Public];
        var audiences = options.ApiAudiences.Count > 0 ? options.ApiAudiences : options.ServiceAccountIssuers;
        return new ServiceAccountKeys(options.ServiceAccountIssuers, audiences, signing, [.. all.DistinctBy(key => key.Id)]);
    }

    /// <summary><c>/openid/v1/jwks</c>: so that others can check tokens without asking this server.</summary>
    public JsonObject ToJwks() => new() { ["keys"] = new JsonArray([.. All.Select(key => key.ToJwk())]) };
}
