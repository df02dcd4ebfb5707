using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Patching;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary>A subresource whose body is the whole object, but which changes only one part of it, by rules of its own.</summary>
internal abstract class PartSubresource(GetEndpoint get, UpdateOperation operation, ObjectAnswer answer, TimeProvider clock) : ISubresource
{
    private static readonly string[] OfTheWriter = ["name", "namespace", "uid", "resourceVersion", "managedFields"];

    public abstract string Name { get; }

    public abstract GroupVersionKind Kind { get; }

    public IReadOnlyList<string> Verbs => ["get", "patch", "update"];

    public bool Serves(ServedResource resource) => resource.Kind == Kind;

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        switch (request.Info.Verb)
        {
            case "get":
                await get.HandleAsync(request, resource);
                break;
            case "update" or "patch":
                await answer.WriteAsync(request, resource, StatusCodes.Status200OK, await UpdateAsync(request, resource));
                break;
            default:
                throw StatusException.MethodNotAllowed();
        }
    }

    /// <summary>Takes over what may change.</summary>
    /// <param name="target">A copy of the object as it is; changed.</param>
    /// <param name="wanted">The object as the client wants it.</param>
    protected abstract void TakeOver(JsonObject target, JsonObject wanted);

    /// <summary>Names the faults of the change.</summary>
    protected abstract IEnumerable<FieldError> Validate(JsonObject obj, JsonObject old);

    /// <summary>Whether labels, annotations and the like are changed, too. Upstream lets nobody change a pod's that way.</summary>
    protected virtual bool ChangesMetadata => false;

    protected DateTimeOffset Now => clock.GetUtcNow();

    private async Task<WriteResult> UpdateAsync(ApiRequest request, ServedResource resource)
    {
        AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        if (request.Info.Verb == "update")
        {
            var body = await BodyDecoder.ReadObjectAsync(
                request, resource.Strategy, FieldValidationQuery.Read(request.Http.Request.Query, "UpdateOptions"));
            return await UpdateAsync(request, WriteQuery.Read(request, resource, "UpdateOptions"), _ => (JsonObject)body.DeepClone(), expectsUid: true);
        }

        var patch = await PatchBody.ReadAsync(request, PatchTarget.Of(resource.Strategy));
        var write = WriteQuery.Read(request, resource, "PatchOptions");
        return await UpdateAsync(request, write, old => patch.ApplyTo(write, old, Now), recordsFields: patch.IsApply);
    }

    private Task<WriteResult> UpdateAsync(
        ApiRequest request, WriteRequest write, Func<JsonObject, JsonObject> change, bool recordsFields = false, bool expectsUid = false)
    {
        var update = new ObjectUpdate(
            UpdateScope.Part,
            (current, _) =>
            {
                var old = current ?? throw StatusException.NotFound(write.Resource.Name, write.Name);
                return ValueTask.FromResult(Change(old, change(old), write));
            },
            RecordsFields: recordsFields,
            ExpectsUid: expectsUid);
        return operation.UpdateAsync(write, update, request.Cancellation);
    }

    private JsonObject Change(JsonObject old, JsonObject wanted, WriteRequest write)
    {
        var target = (JsonObject)old.DeepClone();
        if (ChangesMetadata && wanted["metadata"] is JsonObject changed)
        {
            target["metadata"] = changed.DeepClone();
        }

        var metadata = ObjectMetadata.Of(target);
        foreach (var field in OfTheWriter)
        {
            metadata.Remove(field);
            if (wanted.At("metadata", field) is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        ObjectMetadata.EnsureNamespace(target, write.Namespace);
        ObjectMetadata.EnsureName(target, write.Name);
        TakeOver(target, wanted);
        var errors = Validate(target, old).ToList();
        return errors.Count == 0 ? target : throw StatusException.Invalid(Kind, write.Name, errors);
    }
}
