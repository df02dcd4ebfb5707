using MiniKube.Api.Meta;

namespace MiniKube.Api.Serialization;

/// <summary>A body that cannot be read as what it should be. The message is Go's, as upstream passes it on to clients.</summary>
public sealed class DecodeException(string message) : Exception(message)
{
    /// <summary>Upstream's message of the BadRequest Status for a body of that kind.</summary>
    /// <param name="given">The kind that the body names.</param>
    /// <param name="expectedKind">The kind that the path takes.</param>
    public string Describe(GroupVersionKind given, string expectedKind) =>
        CannotBeHandled(given, expectedKind, Message);

    /// <summary>Upstream's message of the BadRequest Status when strict field validation finds faults.</summary>
    public static string Describe(GroupVersionKind given, string expectedKind, IEnumerable<string> strictErrors) =>
        CannotBeHandled(given, expectedKind, $"strict decoding error: {string.Join(", ", strictErrors)}");

    private static string CannotBeHandled(GroupVersionKind given, string expectedKind, string reason) =>
        $"{given.Kind} in version \"{given.Version}\" cannot be handled as a {expectedKind}: {reason}";
}
