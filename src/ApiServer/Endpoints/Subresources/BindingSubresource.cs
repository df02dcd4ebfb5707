using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>pods/name/binding</c>: the scheduler puts a pod on a node. Only once: a pod that has a node keeps it.</summary>
internal sealed class BindingSubresource(UpdateOperation operation, TimeProvider clock) : ISubresource
{
    public string Name => "binding";

    public GroupVersionKind Kind { get; } = new("", "v1", "Binding");

    public IReadOnlyList<string> Verbs => ["create"];

    public bool Serves(ServedResource resource) => resource.Kind == new GroupVersionKind("", "v1", "Pod");

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb != "create")
        {
            throw StatusException.MethodNotAllowed();
        }


        // As upstream, nobody owns a pod's node for having put it there.
        var write = WriteQuery.Read(request, resource, "CreateOptions") with { FieldManager = null };
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var binding = BodyDecoder.Decode(body.Span, request.Http.Request.ContentType, Kind, TypeGraph.BuiltIn.Find(Kind)).Decoded.Object;
        if (write.Name.Length == 0)
        {
            // Posted to the namespace, not to a pod.
            write = write with { Name = binding.StringAt("metadata", "name") is { Length: > 0 } name ? name : throw StatusException.BadRequest("name is required") };
        }

        Validate(binding, write.Name);
        var update = new ObjectUpdate(UpdateScope.Internal, (current, _) => ValueTask.FromResult(Bind(current, binding, write)));
        await operation.UpdateAsync(write, update, request.Cancellation);
        await Answer.WriteStatusAsync(request, new() { ApiVersion = "v1", Kind = "Status", Metadata = new(), Status = "Success", Code = StatusCodes.Status201Created });
    }

    private void Validate(JsonObject binding, string name)
    {
        List<FieldError> errors = [];
        if (binding.StringAt("target", "kind") is { Length: > 0 } kind and not ("Node" or "Minion"))
        {
            errors.Add(FieldError.NotSupported("target.kind", kind, "Node", "<empty>"));
        }

        if (string.IsNullOrEmpty(binding.StringAt("target", "name")))
        {
            errors.Add(FieldError.Required("target.name"));
        }

        if (errors.Count > 0)
        {
            throw StatusException.Invalid(Kind, name, errors);
        }
    }

    private JsonObject Bind(JsonObject? current, JsonObject binding, WriteRequest write)
    {
        var pod = current?.DeepClone() as JsonObject ?? throw StatusException.NotFound(write.Resource.Name, write.Name);
        Check(pod, binding, write);
        var spec = pod.GetOrAddObject("spec");
        spec["nodeName"] = binding.StringAt("target", "name");
        Merge(pod, binding, "annotations");
        Merge(pod, binding, "labels");
        PodConditions.Set(pod, "PodScheduled", "True", clock.GetUtcNow());
        return pod;
    }

    private static void Check(JsonObject pod, JsonObject binding, WriteRequest write)
    {
        var resource = new GroupVersionResource("", "v1", "pods/binding");
        if (binding.StringAt("metadata", "uid") is { Length: > 0 } uid && uid != pod.StringAt("metadata", "uid"))
        {
            throw StatusException.Conflict(
                resource, write.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {pod.StringAt("metadata", "uid")}");
        }

        if (ObjectMetadata.IsDeleting(pod))
        {
            throw StatusException.Conflict(resource, write.Name, $"pod {write.Name} is being deleted, cannot be assigned to a host");
        }

        if (pod.StringAt("spec", "nodeName") is { Length: > 0 } node)
        {
            throw StatusException.Conflict(resource, write.Name, $"pod {write.Name} is already assigned to node {GoText.Quote(node)}");
        }

        if (pod.At("spec", "schedulingGates") is JsonArray { Count: > 0 })
        {
            throw StatusException.Conflict(resource, write.Name, $"pod {write.Name} has non-empty .spec.schedulingGates");
        }
    }

    private static void Merge(JsonObject pod, JsonObject binding, string field)
    {
        if (binding.ObjectAt("metadata", field) is not { Count: > 0 } added)
        {
            return;
        }

        var target = ObjectMetadata.Of(pod).GetOrAddObject(field);
        foreach (var (name, value) in added)
        {
            target[name] = value?.DeepClone();
        }
    }
}
