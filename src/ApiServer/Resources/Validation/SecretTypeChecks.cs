using System.Text.Json;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What Secrets of upstream's own types must hold.</summary>
internal static class SecretTypeChecks
{
    private const string AccountAnnotation = "kubernetes.io/service-account.name";

    public static IEnumerable<FieldError> Validate(JsonObject obj, JsonObject data) => obj.StringAt("type") switch
    {
        "kubernetes.io/service-account-token" when string.IsNullOrEmpty(obj.StringAt("metadata", "annotations", AccountAnnotation)) =>
            [FieldError.Required($"metadata.annotations[{AccountAnnotation}]")],
        "kubernetes.io/dockercfg" => Json(data, ".dockercfg"),
        "kubernetes.io/dockerconfigjson" => Json(data, ".dockerconfigjson"),
        "kubernetes.io/basic-auth" when !data.ContainsKey("username") && !data.ContainsKey("password") =>
            [FieldError.Required("data[username]"), FieldError.Required("data[password]")],
        "kubernetes.io/ssh-auth" => Needs(data, "ssh-privatekey"),
        "kubernetes.io/tls" => Needs(data, "tls.crt").Concat(Needs(data, "tls.key")),
        _ => [],
    };

    private static IEnumerable<FieldError> Needs(JsonObject data, string key) =>
        data.ContainsKey(key) ? [] : [FieldError.Required($"data[{key}]")];

    private static IEnumerable<FieldError> Json(JsonObject data, string key)
    {
        if (!data.ContainsKey(key))
        {
            return Needs(data, key);
        }

        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(FieldPath.Text(data[key])));
            return [];
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            // Nothing of a secret is ever repeated in a message.
            return [FieldError.Invalid($"data[{key}]", "<secret contents redacted>", "invalid JSON")];
        }
    }
}
