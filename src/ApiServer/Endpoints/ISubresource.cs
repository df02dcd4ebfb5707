using MiniKube.Api.Meta;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>A part or an action of objects with a path of its own, such as <c>pods/name/binding</c>. Status is not one of these: every kind has it.</summary>
internal interface ISubresource : IEndpoint
{
    /// <summary>The last part of the path.</summary>
    string Name { get; }

    /// <summary>What its bodies are.</summary>
    GroupVersionKind Kind { get; }

    /// <summary>As discovery shows them, such as get, patch, update.</summary>
    IReadOnlyList<string> Verbs { get; }

    /// <summary>Whether objects of this resource have it.</summary>
    bool Serves(ServedResource resource);
}
