using k8s.Models;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class LimitRangeStrategy : ResourceStrategy<V1LimitRange>
{
    public override IReadOnlyList<string> ShortNames => ["limits"];
}
