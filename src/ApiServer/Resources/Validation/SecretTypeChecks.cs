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
        "kubernetes.io/ssh-auth" => FieldPath.Text(data["ssh-privatekey"]).Length > 0 ? [] : [FieldError.Required("data[ssh-privatekey]")],
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

        // Nothing of a secret is ever repeated in a message, but for the character that is wrong.
        return Fault(Convert.FromBase64String(FieldPath.Text(data[key]))) is { } fault
            ? [FieldError.Invalid($"data[{key}]", "<secret contents redacted>", fault)]
            : [];
    }

    private static string? Fault(byte[] text)
    {
        try
        {
            return JsonCodec.ParseValue(text) is null or JsonObject ? null : "json: cannot unmarshal into Go value of type map[string]interface {}";
        }
        catch (DecodeException exception)
        {
            return exception.Message;
        }
    }
}
