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

    /// <summary>Throws Conflict when it is not the object, or the version of it, that the client means.</summary>
    public static void CheckPreconditions(WriteRequest request, DeleteOptions options, JsonObject obj)
    {
        var uid = obj.StringAt("metadata", "uid");
        if (options.Uid is { } wanted && wanted != uid)
        {
            throw Conflict(
                request, $"the UID in the precondition ({wanted}) does not match the UID in record ({uid}). The object might have been deleted and then recreated");
        }

        var version = obj.StringAt("metadata", "resourceVersion");
        if (options.ResourceVersion is { } exactly && exactly != version)
        {
            throw Conflict(
                request, $"the ResourceVersion in the precondition ({exactly}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        }
    }

    // Upstream names the kind here, not the resource.
    private static StatusException Conflict(WriteRequest request, string why) =>
        StatusException.Conflict(request.Resource.Name with { Resource = request.Resource.Kind.Kind }, request.Name, why);
}
