using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Admission;

namespace MiniKube.ApiServer.Registry;

/// <summary>Creates an object: admit, prepare, validate, one transaction that requires that there is none.</summary>
internal sealed class CreateOperation(ObjectCommit commit, AdmissionChain admission, NameGenerator names, TimeProvider clock, ClusterPolicy policy)
{
    /// <param name="request">Where; its name is taken from the object.</param>
    /// <param name="obj">The decoded and defaulted object; changed.</param>
    /// <param name="cancellationToken">Gives up waiting for the store.</param>
    /// <param name="recordsFields">Whether the object says already who owns its fields: it was applied.</param>
    public async Task<WriteResult> CreateAsync(WriteRequest request, JsonObject obj, CancellationToken cancellationToken, bool recordsFields = false)
    {
        var strategy = request.Strategy;
        ObjectMetadata.EnsureNamespace(obj, request.Namespace);
        if (obj.StringAt("metadata", "resourceVersion") is { Length: > 0 })
        {
            throw StatusException.BadRequest("resourceVersion should not be set on objects to be created");
        }

        var generates = GenerateName(obj);
        request = request with { Name = obj.StringAt("metadata", "name") ?? "" };
        if (!recordsFields)
        {
            // Before admission: what that adds nobody owns.
            FieldManagement.Update(request, null, obj, clock.GetUtcNow());
        }

        await admission.MutateAsync(new AdmissionAttributes(AdmissionOperation.Create, request, obj, null), cancellationToken);
        if (strategy.HasStatus)
        {
            obj.Remove("status");
        }

        ObjectMetadata.FillForCreate(obj, strategy, clock.GetUtcNow());
        DisabledFeatures.Drop(strategy.Kind, obj, null);
        strategy.PrepareForCreate(obj);
        for (var attempt = 0; ; attempt++)
        {
            request = request with { Name = obj.StringAt("metadata", "name") ?? "" };
            var (result, isTaken) = await TryCreateAsync(request, obj, attempt, cancellationToken);
            if (result is not null)
            {
                return result;
            }

            if (isTaken && !generates)
            {
                throw StatusException.AlreadyExists(request.Resource.Name, request.Name);
            }

            if (attempt + 1 >= NameGenerator.Attempts && isTaken)
            {
                throw StatusException.GenerateNameConflict(request.Resource.Name, request.Name, 1);
            }

            if (isTaken)
            {
                ObjectMetadata.Of(obj)["name"] = "";
                GenerateName(obj);
            }
        }
    }

    /// <summary>The result, or null and whether the name is taken (else what changes with the object did not hold, and another attempt may succeed).</summary>
    private async Task<(WriteResult? Result, bool IsTaken)> TryCreateAsync(
        WriteRequest request, JsonObject obj, int attempt, CancellationToken cancellationToken)
    {
        if (request.Resource.Participant is not null)
        {
            // What an attempt chose (an address) may be what it failed by: the next one must choose anew.
            obj = (JsonObject)obj.DeepClone();
        }

        var parts = await commit.PartsAsync(request, obj, null, attempt, cancellationToken);
        Validate(request, obj);
        request.Warn(request.Strategy.Warnings(obj));
        request.Strategy.Canonicalize(obj);
        await admission.ValidateAsync(new AdmissionAttributes(AdmissionOperation.Create, request, obj, null), cancellationToken);
        parts = await commit.WithQuotasAsync(request, obj, null, parts, attempt, cancellationToken);
        var stored = request.Resource.Codec.ToStored(obj);
        if (request.DryRun)
        {
            return await commit.ReadAsync(request, cancellationToken) is null
                ? (new WriteResult(request.Resource.Codec.ToServed(stored), obj, IsCreated: true), false)
                : (null, true);
        }

        var outcome = await commit.CommitAsync(request, request.StoreKey, 0, stored, parts, cancellationToken);
        return outcome.Succeeded
            ? (ObjectCommit.Answer(request, obj, stored, outcome.Revision, parts) with { IsCreated = true }, false)
            : (null, outcome.ObjectChanged);
    }

    private void Validate(WriteRequest request, JsonObject obj)
    {
        List<FieldError> errors = [.. ObjectMetadataValidation.ForCreate(obj, request.Strategy), .. request.Strategy.Validate(obj), .. policy.FaultsOf(request.Resource.Kind, obj)];
        if (errors.Count > 0)
        {
            throw StatusException.Invalid(request.Resource.Kind, request.Name, errors);
        }
    }

    private bool GenerateName(JsonObject obj)
    {
        var metadata = ObjectMetadata.Of(obj);
        if (!string.IsNullOrEmpty(metadata.StringAt("name")) || metadata.StringAt("generateName") is not { Length: > 0 } prefix)
        {
            return false;
        }

        metadata["name"] = names.Generate(prefix);
        return true;
    }
}
