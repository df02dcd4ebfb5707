using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Registry;

/// <summary>Deletes an object: at once, or by marking it when finalizers or a grace period hold it.</summary>
internal sealed class DeleteOperation(ObjectCommit commit, AdmissionChain admission, TimeProvider clock)
{
    public Task<WriteResult> DeleteAsync(WriteRequest request, DeleteOptions options, CancellationToken cancellationToken) => commit.RetryAsync(
        request, (current, attempt) => TryDeleteAsync(request, options, current, attempt, cancellationToken), cancellationToken);

    private async Task<(WriteResult? Result, CachedObject? Newest)> TryDeleteAsync(
        WriteRequest request, DeleteOptions options, CachedObject? current, int attempt, CancellationToken cancellationToken)
    {
        if (current is null)
        {
            throw StatusException.NotFound(request.Resource.Name, request.Name);
        }

        var old = ObjectCodec.Parse(current.Json.Span);
        CheckPreconditions(request, options, old);
        await admission.ValidateAsync(new AdmissionAttributes(AdmissionOperation.Delete, request, null, old), cancellationToken);

        var obj = (JsonObject)old.DeepClone();
        var stays = DeletionRules.Begin(obj, request.Strategy, options, clock.GetUtcNow());
        var stored = request.Resource.Codec.ToStored(obj);
        var served = request.Resource.Codec.ToServed(stored);
        var same = ObjectBytes.FromStored(served.Span, current.Revision).Json;
        if (request.DryRun || (stays && same.Span.SequenceEqual(current.Json.Span)))
        {
            return (new WriteResult(same, obj, IsGone: !stays), null);
        }

        var parts = await commit.PartsAsync(request, stays ? obj : null, old, attempt, cancellationToken);
        parts = await commit.WithQuotasAsync(request, stays ? obj : null, old, parts, attempt, cancellationToken);
        var outcome = await commit.CommitAsync(request, request.StoreKey, current.Revision, stays ? stored : null, parts, cancellationToken);
        if (outcome.Succeeded)
        {
            return (ObjectCommit.Answer(request, obj, stored, outcome.Revision, parts) with { IsGone = !stays }, null);
        }

        return (null, await commit.NewestAsync(request, outcome, cancellationToken));
    }

    private static void CheckPreconditions(WriteRequest request, DeleteOptions options, JsonObject obj)
    {
        Check(request, "UID", options.Uid, obj.StringAt("metadata", "uid"));
        Check(request, "ResourceVersion", options.ResourceVersion, obj.StringAt("metadata", "resourceVersion"));
    }

    private static void Check(WriteRequest request, string what, string? wanted, string? actual)
    {
        if (wanted is not null && wanted != actual)
        {
            throw StatusException.Conflict(
                request.Resource.Name, request.Name, $"Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {actual}");
        }
    }
}
