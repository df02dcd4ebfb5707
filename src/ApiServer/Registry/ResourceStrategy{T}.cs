using System.Reflection;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>A built-in kind. Its names come from <c>[KubernetesEntity]</c>, its fields from the table of types; validation reads the typed model.</summary>
public abstract class ResourceStrategy<T> : ResourceStrategy
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly KubernetesEntityAttribute Entity =
        typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()
        ?? throw new InvalidOperationException($"{typeof(T)} has no [KubernetesEntity].");

    /// <param name="plural">The name in paths, for the few models that do not say it.</param>
    protected ResourceStrategy(string? plural = null)
        : base(new GroupVersionKind(Entity.Group, Entity.ApiVersion, Entity.Kind), plural ?? Entity.PluralName)
    {
    }

    public override ObjectType? Type => TypeGraph.BuiltIn.Find(Kind);

    public sealed override IEnumerable<FieldError> Validate(JsonObject obj) => Validate(ModelCodec.ToModel<T>(obj));

    public sealed override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        ValidateUpdate(ModelCodec.ToModel<T>(obj), ModelCodec.ToModel<T>(old));

    public sealed override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        ValidateStatusUpdate(ModelCodec.ToModel<T>(obj), ModelCodec.ToModel<T>(old));

    protected virtual IEnumerable<FieldError> Validate(T obj) => [];

    protected virtual IEnumerable<FieldError> ValidateUpdate(T obj, T old) => Validate(obj);

    protected virtual IEnumerable<FieldError> ValidateStatusUpdate(T obj, T old) => [];
}
