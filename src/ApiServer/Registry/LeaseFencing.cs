using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Whoever acquires a Lease also writes its fence key, in the same transaction; so does whoever releases or deletes it. The key's revision is the leader's
/// token: a leader's writes compare it, and none of a deposed leader's goes through, however late it wakes up. Upstream has no such guard.
/// </summary>
internal sealed class LeaseFencing : IWriteParticipant
{
    public static GroupVersionKind Kind { get; } = new("coordination.k8s.io", "v1", "Lease");

    /// <summary>Where the fence of a Lease is stored.</summary>
    public static string KeyOf(string? @namespace, string? name) => $"/registry/.fence/{@namespace}/{name}";

    public ValueTask<WriteParts> ParticipateAsync(WriteAttempt attempt, CancellationToken cancellationToken) => ValueTask.FromResult(Parts(attempt));

    private static WriteParts Parts(WriteAttempt attempt)
    {
        // Only the server says what the token is.
        (attempt.Object.At("metadata", "annotations") as JsonObject)?.Remove(Fencing.TokenAnnotation);
        var before = attempt.Old.StringAt("spec", "holderIdentity") ?? "";
        var after = attempt.Object.StringAt("spec", "holderIdentity") ?? "";
        if (before == after)
        {
            return WriteParts.None;
        }

        var lease = attempt.Object ?? attempt.Old;
        var key = KeyOf(lease.StringAt("metadata", "namespace"), lease.StringAt("metadata", "name"));
        return new WriteParts([], [Operation.Put(key, "{}"u8.ToArray())])
        {
            RevisionAnnotation = after.Length > 0 ? Fencing.TokenAnnotation : null,
        };
    }
}
