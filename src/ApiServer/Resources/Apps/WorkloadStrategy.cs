using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Core;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Apps;

/// <summary>A kind whose objects make pods of a template, chosen by a selector that never changes.</summary>
internal abstract class WorkloadStrategy<T> : ResourceStrategy<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override IReadOnlyList<string> Categories => ["all"];

    public override void ApplyDefaults(JsonObject obj)
    {
        var spec = obj.GetOrAddObject("spec");
        ApplyDefaultsTo(spec);
        PodSpecDefaults.ApplyToTemplate(spec.GetOrAddObject("template"));
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, root => Spec(root["spec"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Field.FaultsOf(obj, root =>
    {
        Spec(root["spec"]);
        Change(root["spec"], old.ObjectAt("spec") ?? []);
    });

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, root => Status(root["status"], old));

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfTemplate("spec.template", obj.ObjectAt("spec", "template"));

    /// <summary>A change is warned of what it asks for; the name is what it was.</summary>
    public override IEnumerable<string> WarningsOnUpdate(JsonObject obj, JsonObject old) =>
        ChangesGeneration(obj, old) ? PodWarnings.OfTemplate("spec.template", obj.ObjectAt("spec", "template")) : [];

    protected abstract void ApplyDefaultsTo(JsonObject spec);

    protected abstract void Spec(Field spec);

    protected abstract void Status(Field status, JsonObject old);

    protected virtual void Change(Field spec, JsonObject old) => spec["selector"].Unchanged(old["selector"]);
}
