using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Registry;

/// <summary>
/// Guaranteed update: makes the new object from the cached state, commits it if that is still the newest, and else starts again from what stood in
/// the way. Nothing that was judged by an old state is refused before the newest has been looked at.
/// </summary>
internal sealed class UpdateOperation(ObjectCommit commit, CreateOperation create, AdmissionChain admission, TimeProvider clock, ClusterPolicy policy)
{
    public Task<WriteResult> UpdateAsync(WriteRequest request, ObjectUpdate update, CancellationToken cancellationToken) => commit.RetryAsync(
        request, (current, attempt) => TryUpdateAsync(request, update, current, attempt, cancellationToken), cancellationToken);

    private async Task<(WriteResult? Result, CachedObject? Newest)> TryUpdateAsync(
        WriteRequest request, ObjectUpdate update, CachedObject? current, int attempt, CancellationToken cancellationToken)
    {
        if (current is null)
        {
            return (await CreateAsync(request, update, cancellationToken), null);
        }

        var old = ObjectCodec.Parse(current.Json.Span);
        var obj = await update.Apply(old, cancellationToken);
        ObjectMetadata.EnsureNamespace(obj, request.Namespace);
        ObjectMetadata.EnsureName(obj, request.Name);
        if (update.ExpectsUid)
        {
            CheckUid(request, obj, old.StringAt("metadata", "uid") ?? "");
        }

        CheckIsNewest(request, obj, current);
        if (!update.RecordsFields)
        {
            FieldManagement.Update(request, old, obj, clock.GetUtcNow());
        }

        await PrepareAsync(request, update.Scope, obj, old, cancellationToken);
        var parts = await commit.PartsAsync(request, obj, old, attempt, cancellationToken);
        Validate(request, update.Scope, obj, old);
        if (update.Scope == UpdateScope.Main)
        {
            request.Warn(request.Strategy.WarningsOnUpdate(obj, old));
        }

        request.Strategy.Canonicalize(obj);
        await admission.ValidateAsync(new AdmissionAttributes(AdmissionOperation.Update, request, obj, old), cancellationToken);
        FieldManagement.KeepTimes(request, obj, old);
        var isGone = DeletionRules.IsFinished(obj, request.Strategy);
        if (isGone && request.Resource.Participant is not null)
        {
            parts = await commit.PartsAsync(request with { Subresource = "" }, null, obj, 0, cancellationToken);
        }

        parts = await commit.WithQuotasAsync(request, isGone ? null : obj, old, parts, attempt, cancellationToken);
        return await CommitAsync(request, obj, current, parts, isGone, cancellationToken);
    }

    private async Task<WriteResult> CreateAsync(WriteRequest request, ObjectUpdate update, CancellationToken cancellationToken)
    {
        if (!update.CreatesIfMissing && !update.ExpectsUid)
        {
            throw StatusException.NotFound(request.Resource.Name, request.Name);
        }

        var obj = await update.Apply(null, cancellationToken);
        if (update.ExpectsUid)
        {
            // It was there when the client read it.
            CheckUid(request, obj, "");
        }
        else if (obj.StringAt("metadata", "uid") is { Length: > 0 } uid)
        {
            throw StatusException.Conflict(
                request.Resource.Name, request.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }

        if (!update.CreatesIfMissing)
        {
            throw StatusException.NotFound(request.Resource.Name, request.Name);
        }

        ObjectMetadata.EnsureName(obj, request.Name);
        ObjectMetadata.Of(obj).Remove("resourceVersion");
        return await create.CreateAsync(request, obj, cancellationToken, update.RecordsFields);
    }

    private static void CheckUid(WriteRequest request, JsonObject obj, string uid)
    {
        if (obj.StringAt("metadata", "uid") is { Length: > 0 } given && given != uid)
        {
            throw StatusException.Conflict(
                request.Resource.Name,
                request.Name,
                $"StorageError: invalid object, Code: 4, Key: {request.StoreKey}, ResourceVersion: 0, "
                + $"AdditionalErrorMsg: Precondition failed: UID in precondition: {given}, UID in object meta: {uid}");
        }
    }

    private static void CheckIsNewest(WriteRequest request, JsonObject obj, CachedObject current)
    {
        var version = obj.StringAt("metadata", "resourceVersion") ?? "";
        if (version.Length == 0)
        {
            if (!request.Strategy.AllowUnconditionalUpdate)
            {
                throw StatusException.Invalid(
                    request.Resource.Kind, request.Name, [new FieldError("FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update")]);
            }
        }
        else if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            throw StatusException.Invalid(
                request.Resource.Kind, request.Name, [FieldError.Invalid("metadata.resourceVersion", version, "must be an integer")]);
        }
        else if (revision != current.Revision)
        {
            throw StatusException.Modified(request.Resource.Name, request.Name);
        }
    }

    private async ValueTask PrepareAsync(
        WriteRequest request, UpdateScope scope, JsonObject obj, JsonObject old, CancellationToken cancellationToken)
    {
        var strategy = request.Strategy;
        await admission.MutateAsync(new AdmissionAttributes(AdmissionOperation.Update, request, obj, old), cancellationToken);
        ObjectMetadata.KeepForUpdate(obj, old);
        DisabledFeatures.Drop(strategy.Kind, obj, old);
        switch (scope)
        {
            case UpdateScope.Main:
                if (strategy.HasStatus)
                {
                    Keep("status", obj, old);
                }

                strategy.PrepareForUpdate(obj, old);
                break;
            case UpdateScope.Status:
                KeepAllButStatus(obj, old);
                strategy.PrepareForStatusUpdate(obj, old);
                break;
        }

        if ((scope is UpdateScope.Main or UpdateScope.Part) && strategy.ChangesGeneration(obj, old))
        {
            ObjectMetadata.IncreaseGeneration(obj);
        }
    }

    private static void KeepAllButStatus(JsonObject obj, JsonObject old)
    {
        foreach (var name in obj.Select(field => field.Key).Union(old.Select(field => field.Key)).ToList())
        {
            if (name is not ("metadata" or "status"))
            {
                Keep(name, obj, old);
            }
        }
    }

    private static void Keep(string name, JsonObject obj, JsonObject old)
    {
        if (old[name] is { } value)
        {
            obj[name] = value.DeepClone();
        }
        else
        {
            obj.Remove(name);
        }
    }

    private void Validate(WriteRequest request, UpdateScope scope, JsonObject obj, JsonObject old)
    {
        var specific = scope switch
        {
            UpdateScope.Main => request.Strategy.ValidateUpdate(obj, old),
            UpdateScope.Status => request.Strategy.ValidateStatusUpdate(obj, old),
            _ => [],
        };
        var forbidden = scope == UpdateScope.Status ? [] : policy.FaultsOf(request.Resource.Kind, obj);
        List<FieldError> errors = [.. ObjectMetadataValidation.ForUpdate(obj, old, request.Strategy), .. specific, .. forbidden];
        if (errors.Count > 0)
        {
            throw StatusException.Invalid(request.Resource.Kind, request.Name, errors);
        }
    }

    private async Task<(WriteResult? Result, CachedObject? Newest)> CommitAsync(
        WriteRequest request, JsonObject obj, CachedObject current, WriteParts parts, bool isGone, CancellationToken cancellationToken)
    {
        var codec = request.Resource.Codec;
        var stored = codec.ToStored(obj);
        var same = ObjectBytes.FromStored(codec.ToServed(stored).Span, current.Revision).Json;
        if (same.Span.SequenceEqual(current.Json.Span) && parts.Operations.Count == 0)
        {
            // Nothing changes: no write, no new version (what controllers rely on that write the same again and again).
            return (new WriteResult(current.Json, obj), null);
        }

        if (request.DryRun)
        {
            return (new WriteResult(same, obj), null);
        }

        var outcome = await commit.CommitAsync(request, request.StoreKey, current.Revision, isGone ? null : stored, parts, cancellationToken);
        if (outcome.Succeeded)
        {
            return (ObjectCommit.Answer(request, obj, stored, outcome.Revision, parts) with { IsGone = isGone }, null);
        }

        return (null, await commit.NewestAsync(request, outcome, cancellationToken));
    }
}
