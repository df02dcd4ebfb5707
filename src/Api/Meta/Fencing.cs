namespace MiniKube.Api.Meta;

/// <summary>
/// The wire form of fencing: a server answers the write that acquires a Lease with a token, and a leader sends it with every write.
/// The server refuses a write whose token is not the Lease's newest, so that a deposed leader that wakes up cannot write anything.
/// </summary>
public static class Fencing
{
    /// <summary>The request header: <c>&lt;namespace&gt;/&lt;lease name&gt;:&lt;token&gt;</c>.</summary>
    public const string Header = "MiniKube-Fence";

    /// <summary>The annotation of a Lease in the answer to the write that acquired it. Set by the server only, never stored.</summary>
    public const string TokenAnnotation = "minikube.dev/fencing-token";

    /// <summary>The header's value for a lease and its token.</summary>
    public static string Format(NamespacedName lease, string token) => $"{lease.Namespace}/{lease.Name}:{token}";

    /// <summary>Reads a header's value; false when it has another form.</summary>
    public static bool TryParse(string value, out NamespacedName lease, out long token)
    {
        lease = default;
        token = 0;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var colon = value.LastIndexOf(':');
        if (slash <= 0 || colon <= slash + 1 || !long.TryParse(value.AsSpan(colon + 1), out token))
        {
            return false;
        }

        lease = new NamespacedName(value[..slash], value[(slash + 1)..colon]);
        return true;
    }
}
