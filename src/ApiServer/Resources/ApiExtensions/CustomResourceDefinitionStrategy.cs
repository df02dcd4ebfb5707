using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.ApiExtensions;

internal sealed class CustomResourceDefinitionStrategy : ResourceStrategy<V1CustomResourceDefinition>
{
    public override IReadOnlyList<string> ShortNames => ["crd", "crds"];

    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.ObjectAt("spec") is not { } spec)
        {
            return;
        }

        var names = spec.GetOrAddObject("names");
        names.SetDefault("singular", (names.StringAt("kind") ?? "").ToLowerInvariant());
        names.SetDefault("listKind", $"{names.StringAt("kind")}List");
        spec.GetOrAddObject("conversion").SetDefault("strategy", "None");
    }
}
