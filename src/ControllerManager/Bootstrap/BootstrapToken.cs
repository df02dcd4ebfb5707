using System.Globalization;
using System.Text;

using k8s.Models;

namespace MiniKube.ControllerManager.Bootstrap;

/// <summary>A token by which nodes join, as it is kept in a Secret of the type bootstrap.kubernetes.io/token in kube-system.</summary>
internal static class BootstrapToken
{
    public const string Namespace = "kube-system";

    private const string SecretType = "bootstrap.kubernetes.io/token";
    private const string NamePrefix = "bootstrap-token-";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static bool Is(V1Secret? secret) => secret is { Type: SecretType, Metadata.NamespaceProperty: Namespace };

    /// <summary>When it ends; null if it never does. What cannot be read has ended long ago.</summary>
    public static DateTimeOffset? End(V1Secret secret)
    {
        var text = Value(secret, "expiration");
        return text.Length == 0 ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end) ? end
            : DateTimeOffset.MinValue;
    }

    /// <summary>Its two parts, if it may sign what joining nodes read; null if not.</summary>
    public static (string Id, string Secret)? ForSigning(V1Secret secret, DateTimeOffset now)
    {
        var (id, key) = (Value(secret, "token-id"), Value(secret, "token-secret"));
        return id.Length > 0 && key.Length > 0
            && secret.Metadata.Name == NamePrefix + id
            && Value(secret, "usage-bootstrap-signing") == "true"
            && (End(secret) is not { } end || end > now)
            ? (id, key)
            : null;
    }

    /// <summary>How long to sleep until it ends: a timer takes no more than some weeks.</summary>
    public static TimeSpan Wait(TimeSpan left) => left < Longest ? left : Longest;

    private static string Value(V1Secret secret, string key) => secret.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(value) : "";
}
