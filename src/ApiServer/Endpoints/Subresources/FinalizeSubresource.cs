using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>namespaces/name/finalize</c>: the namespace controller takes its finalizer out of spec; with the last one gone, so is the namespace.</summary>
internal sealed class FinalizeSubresource(UpdateOperation operation, ObjectAnswer answer) : ISubresource
{
    public string Name => "finalize";

    public GroupVersionKind Kind { get; } = new("", "v1", "Namespace");

    public IReadOnlyList<string> Verbs => ["update"];

    public bool Serves(ServedResource resource) => resource.Kind == Kind;

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb != "update")
        {
            throw StatusException.MethodNotAllowed();
        }

        var write = WriteQuery.Read(request, resource, "UpdateOptions");
        var body = await BodyDecoder.ReadObjectAsync(request, resource.Strategy, FieldValidation.Ignore);
        var update = new ObjectUpdate(UpdateScope.Internal, (current, _) =>
        {
            var obj = current?.DeepClone() as JsonObject ?? throw StatusException.NotFound(resource.Name, write.Name);
            obj.GetOrAddObject("spec")["finalizers"] = body.At("spec", "finalizers")?.DeepClone() ?? new JsonArray();
            if (body.StringAt("metadata", "resourceVersion") is { Length: > 0 } version)
            {
                ObjectMetadata.Of(obj)["resourceVersion"] = version;
            }

            return ValueTask.FromResult(obj);
        });
        var result = await operation.UpdateAsync(write, update, request.Cancellation);
        await answer.WriteAsync(request, resource, 200, result);
    }
}
