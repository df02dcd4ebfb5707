using Docker.DotNet.Models;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>Looks at the engine's containers: only those with our labels.</summary>
internal sealed class DockerContainers(DockerConnection docker)
{
    public static Dictionary<string, IDictionary<string, bool>> Filters(params IEnumerable<(string Name, string[] Values)> filters) =>
        filters.ToDictionary(filter => filter.Name, IDictionary<string, bool> (filter) => filter.Values.ToDictionary(value => value, _ => true));

    public async Task<IList<ContainerListResponse>> ListAsync(string label, CancellationToken cancellationToken)
    {
        var list = new ContainersListParameters { All = true, Filters = Filters(("label", [label, DockerLabels.Type])) };
        return await docker.AskAsync((client, token) => client.Containers.ListContainersAsync(list, token), cancellationToken);
    }

    public async Task<ContainerInspectResponse?> InspectAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await docker.AskAsync((client, token) => client.Containers.InspectContainerAsync(id, token), cancellationToken);
        }
        catch (ContainerRuntimeException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }
}
