using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Authentication.ServiceAccounts;

/// <summary>What a service account token says, in upstream's claims: <c>kubernetes.io</c> holds what is Kubernetes' own.</summary>
internal sealed record ServiceAccountClaims(string Namespace, TokenBinding ServiceAccount)
{
    private const string Private = "kubernetes.io";

    public string Issuer { get; init; } = "";

    public IReadOnlyList<string> Audiences { get; init; } = [];

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset Expires { get; init; }

    /// <summary>A random uuid: names the token in audit logs.</summary>
    public string Id { get; init; } = "";

    public TokenBinding? Pod { get; init; }

    public TokenBinding? Node { get; init; }

    public TokenBinding? Secret { get; init; }

    /// <summary>When a client should have got a new one, of tokens that live on for clients that never do.</summary>
    public DateTimeOffset? WarnAfter { get; init; }

    /// <summary>Null when something that must be there is not.</summary>
    public static ServiceAccountClaims? Read(JsonObject claims)
    {
        var own = claims.ObjectAt(Private);
        if (own.StringAt("namespace") is not { Length: > 0 } ns || TokenBinding.Of(own.At("serviceaccount")) is not { Name.Length: > 0 } account
            || Time(claims, "exp") is not { } expires)
        {
            return null;
        }

        return new ServiceAccountClaims(ns, account)
        {
            Issuer = claims.StringAt("iss") ?? "",
            IssuedAt = Time(claims, "iat") ?? DateTimeOffset.MinValue,
            NotBefore = Time(claims, "nbf") ?? DateTimeOffset.MinValue,
            Expires = expires,
            Id = claims.StringAt("jti") ?? "",
            Pod = TokenBinding.Of(own.At("pod")),
            Node = TokenBinding.Of(own.At("node")),
            Secret = TokenBinding.Of(own.At("secret")),
        };
    }

    /// <summary>In Go's order of keys.</summary>
    public JsonObject ToJson()
    {
        var own = new JsonObject { ["namespace"] = Namespace };
        Add(own, "node", Node?.ToJson());
        Add(own, "pod", Pod?.ToJson());
        Add(own, "secret", Secret?.ToJson());
        own["serviceaccount"] = ServiceAccount.ToJson();
        Add(own, "warnafter", WarnAfter?.ToUnixTimeSeconds());
        return new JsonObject
        {
            ["aud"] = new JsonArray([.. Audiences.Select(audience => JsonValue.Create(audience))]),
            ["exp"] = Expires.ToUnixTimeSeconds(),
            ["iat"] = IssuedAt.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Id,
            [Private] = own,
            ["nbf"] = NotBefore.ToUnixTimeSeconds(),
            ["sub"] = ServiceAccountName.UserOf(Namespace, ServiceAccount.Name),
        };
    }

    public UserInfo ToUser()
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        void Tell(string name, string value)
        {
            if (value.Length > 0)
            {
                extra[$"authentication.kubernetes.io/{name}"] = [value];
            }
        }

        Tell("credential-id", Id.Length > 0 ? $"JTI={Id}" : "");
        Tell("node-name", Node?.Name ?? "");
        Tell("node-uid", Node?.Uid ?? "");
        Tell("pod-name", Pod?.Name ?? "");
        Tell("pod-uid", Pod?.Uid ?? "");
        return new UserInfo(
            ServiceAccountName.UserOf(Namespace, ServiceAccount.Name),
            [.. ServiceAccountName.GroupsOf(Namespace), UserInfo.AuthenticatedGroup],
            ServiceAccount.Uid,
            extra);
    }

    private static void Add(JsonObject json, string field, JsonNode? value)
    {
        if (value is not null)
        {
            json[field] = value;
        }
    }

    /// <summary>A NumericDate: seconds since 1970, with or without a fraction.</summary>
    private static DateTimeOffset? Time(JsonObject claims, string field) =>
        claims[field] is JsonValue value
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is > -62_000_000_000 and < 250_000_000_000
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
