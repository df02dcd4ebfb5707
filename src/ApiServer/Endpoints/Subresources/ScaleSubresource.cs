using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Patching.ServerSideApply;
using MiniKube.Api.Schema;
using MiniKube.Api.Selectors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Patching;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Autoscaling;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>…/scale</c>: the number of replicas of any kind that says where it keeps it, as one small object that scalers understand.</summary>
internal sealed class ScaleSubresource(GetEndpoint get, UpdateOperation operation, ObjectAnswer answer, TimeProvider clock) : ISubresource
{
    /// <summary>Makes the new scale of the old one.</summary>
    private delegate JsonObject ScaleChange(WriteRequest write, JsonObject old);

    private static readonly ObjectType? ScaleType = TypeGraph.BuiltIn.Find(ScaleStrategy.ScaleKind);

    private readonly ScaleStrategy _strategy = new(ScaleType);

    public string Name => "scale";

    public GroupVersionKind Kind => _strategy.Kind;

    public IReadOnlyList<string> Verbs => ["get", "patch", "update"];

    public bool Serves(ServedResource resource) => resource.Strategy.Scale is not null;

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var paths = resource.Strategy.Scale ?? throw StatusException.NoSuchResource();
        var scale = request.Info.Verb switch
        {
            "get" => ToWholeScale(ObjectCodec.Parse((await get.FindAsync(request, resource)).Json.Span), paths),
            "update" or "patch" => await UpdateAsync(request, resource, paths),
            _ => throw StatusException.MethodNotAllowed(),
        };
        await answer.WriteAsync(request, resource, _strategy, JsonCodec.Write(scale, ScaleType));
    }

    private async Task<JsonObject> UpdateAsync(ApiRequest request, ServedResource resource, ScalePaths paths)
    {
        var isPatch = request.Info.Verb == "patch";
        var change = isPatch ? await ReadPatchAsync(request, resource) : await ReadPutAsync(request);
        var write = WriteQuery.Read(request, resource, isPatch ? "PatchOptions" : "UpdateOptions");
        var update = new ObjectUpdate(
            UpdateScope.Main,
            (current, _) =>
            {
                var obj = current?.DeepClone() as JsonObject ?? throw StatusException.NotFound(resource.Name, write.Name);
                ReplaceScale(obj, paths, write, change);
                return ValueTask.FromResult(obj);
            },
            RecordsFields: true,
            ExpectsUid: true);
        var result = await operation.UpdateAsync(write, update, request.Cancellation);
        return ToWholeScale(ObjectCodec.Parse(result.Json.Span), paths);
    }

    private void ReplaceScale(JsonObject obj, ScalePaths paths, WriteRequest write, ScaleChange change)
    {
        // Who owns the replicas in the object owns them in its scale, and the other way round.
        string[]? PathIn(string version) => write.Strategy.InVersion(version)?.Scale?.SpecReplicas.Split('.');
        var metadata = ObjectMetadata.Of(obj);
        var managedFields = metadata["managedFields"];
        var old = ToScale(obj, paths);
        if (ScaleFields.ToScale(managedFields, PathIn) is { } owners)
        {
            ObjectMetadata.Of(old)["managedFields"] = owners;
        }

        var scale = change(write, old);
        Apply(obj, scale, paths);
        metadata.Remove("managedFields");
        if (ScaleFields.ToObject(managedFields, scale.At("metadata", "managedFields"), write.Strategy.Kind.ApiVersion, PathIn) is { } changed)
        {
            metadata["managedFields"] = changed;
        }
    }

    private async ValueTask<ScaleChange> ReadPatchAsync(ApiRequest request, ServedResource resource)
    {
        var target = new PatchTarget(Kind, ScaleType, scale => scale) { HasStrategicMerge = PatchTarget.Of(resource.Strategy).HasStrategicMerge };
        var patch = await PatchBody.ReadAsync(request, target);
        return (write, old) => Record(write, old, patch.ApplyTo(write, old, clock.GetUtcNow()), isRecorded: patch.IsApply);
    }

    private async ValueTask<ScaleChange> ReadPutAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var scale = BodyDecoder.Decode(body.Span, request.Http.Request.ContentType, Kind, ScaleType).Decoded.Object;
        return (write, old) => Record(write, old, (JsonObject)scale.DeepClone(), isRecorded: false);
    }

    private JsonObject Record(WriteRequest write, JsonObject old, JsonObject scale, bool isRecorded)
    {
        if (!isRecorded && ScaleType is { } type)
        {
            FieldManagement.Of(write, Kind, type, clock.GetUtcNow()).Update(old, scale);
        }

        return scale;
    }

    private void Apply(JsonObject obj, JsonObject scale, ScalePaths paths)
    {
        var replicas = scale.IntegerAt("spec", "replicas") ?? 0;
        if (replicas < 0)
        {
            var name = obj.StringAt("metadata", "name") ?? "";
            throw StatusException.Invalid(
                Kind, name, [FieldError.Invalid("spec.replicas", replicas, "must be greater than or equal to 0")]);
        }

        // The versions that a client read of the scale are those of the object.
        var metadata = ObjectMetadata.Of(obj);
        foreach (var field in (string[])["resourceVersion", "uid"])
        {
            if (scale.StringAt("metadata", field) is { Length: > 0 } value)
            {
                metadata[field] = value;
            }
        }

        Set(obj, paths.SpecReplicas, replicas);
    }

    // Of a custom resource that does not say how many replicas it wants, a scale can be written but not read.
    private static JsonObject ToWholeScale(JsonObject obj, ScalePaths paths) => obj.At(paths.SpecReplicas.Split('.')) is not null
        ? ToScale(obj, paths)
        : throw StatusException.InternalError($"the spec replicas field \".{paths.SpecReplicas}\" does not exist");

    private static JsonObject ToScale(JsonObject obj, ScalePaths paths)
    {
        var metadata = ObjectMetadata.Of(obj);
        var scale = new JsonObject { ["kind"] = "Scale", ["apiVersion"] = "autoscaling/v1", ["metadata"] = new JsonObject() };
        foreach (var field in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
        {
            scale["metadata"]![field] = metadata[field]?.DeepClone();
        }

        scale["spec"] = new JsonObject { ["replicas"] = obj.IntegerAt(paths.SpecReplicas.Split('.')) ?? 0 };
        var status = new JsonObject { ["replicas"] = obj.IntegerAt(paths.StatusReplicas.Split('.')) ?? 0 };
        if (paths.Selector is { } selector)
        {
            status["selector"] = SelectorText(obj.At(selector.Split('.')));
        }

        scale["status"] = status;
        return scale;
    }

    private static string SelectorText(JsonNode? selector) => selector switch
    {
        JsonValue text => text.ToString(),
        JsonObject map when map.ContainsKey("matchLabels") || map.ContainsKey("matchExpressions") =>
            LabelSelector.From(ModelCodec.ToModel<V1LabelSelector>(map)).ToString(),
        JsonObject map => LabelSelector.FromLabels(map.Select(label => KeyValuePair.Create(label.Key, label.Value?.ToString() ?? ""))).ToString(),
        _ => "",
    };

    private static void Set(JsonObject obj, string path, long value)
    {
        var steps = path.Split('.');
        var parent = obj;
        foreach (var step in steps[..^1])
        {
            parent = parent.GetOrAddObject(step);
        }

        parent[steps[^1]] = value;
    }
}
