using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>The older form of <c>pods/NAME/binding</c>: posted to the namespace, and never stored.</summary>
internal sealed class BindingStrategy() : ResourceStrategy(Binding, "bindings")
{
    public static GroupVersionKind Binding { get; } = new("", "v1", "Binding");

    public override ObjectType? Type { get; } = TypeGraph.BuiltIn.Find(Binding);

    public override bool IsStored => false;

    public override IReadOnlyList<string> Verbs { get; } = ["create"];
}
