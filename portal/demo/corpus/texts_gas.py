"""Achievements of the coalbed methane fields."""

from portal.demo.corpus.template import Template

GAS = (
    Template(
        key="gas-sand-proof",
        kind="small_renovation",
        category="equipment",
        trades=("gas",),
        title="煤层气井{kind}排采防砂防卡管柱改造",
        blanks=(
            "kind=抽油机|螺杆泵|小井眼; wells=16..48; depth=480..960/10; cycle1=62..125; cycle2=260..420/5; "
            "coal=0.6..1.8/0.1; mesh=0.25..0.45/0.05; rate1=64..78; rate2=91..97; gas=620..1480/20; "
            "area=一|二|三|四; flow=2..6; press=0.05..0.15/0.01; days=180..360/10; jobs=32..86/2; "
            "cost=1.35..1.95/0.05; a:=jobs*cost; out=22..60/2; p=1.3..1.7/0.1; b:=out*p; wan:=a+b"
        ),
        summary=(
            "{area}区块{wells}口{kind}煤层气井平均井深{depth}米，产出液含煤粉{coal}%，煤粉沉积造成卡泵、埋管，检泵"
            "周期平均只有{cycle1}天，每次修井都要放压停产，套压波动又加剧出粉，形成恶性循环。本成果在泵下接{mesh}毫"
            "米缝宽的割缝筛管和旋流沉砂尾管，先分离、后进泵；泵筒上部加装注水洗井三通，地面每{flow}天用小排量软化水"
            "不停机反洗一次；动液面下降速度由人工看示功图改为控制器按{press}兆帕套压梯度自动限速。先在出粉最重的井"
            "上试验，再逐口推广。改造后检泵周期延长到{cycle2}天，开井时率由{rate1}%提高到{rate2}%，单井日产气稳定在"
            "{gas}立方米，运行{days}天没有发生埋管大修。"
        ),
        innovation=("由“等它卡了再修”改为分离、冲洗、限速三道防线；洗井不停机、不放压，避免了压力激动对煤储层的伤害。"),
        basis=(
            "每年少修井{jobs}井次，每次{cost}万元，节约{a}万元；多产气{out}万立方米，按每立方米{p}元计{b}万元。合计"
            "每年{wan}万元。"
        ),
    ),
    Template(
        key="gas-station-remote",
        kind="small_creation",
        category="cost_management",
        trades=("gas",),
        title="集气站{area}无人值守远程巡检与泄漏联锁的组织优化",
        blanks=(
            "area=东部片区|西部片区|南部片区|北部片区; sta=4..9; wells=62..180/2; n1=24..48/2; k=8..14; m:=n1-k; "
            "km=46..128/2; t1=65..120/5; t2=5..12; ppm=10..20/5; cam=14..42/2; near1=6..15; hour=2..4; "
            "days=150..330/10; wage=8.8..10.8/0.2; a:=k*wage; oil=6..18; run=12..26/2; wan:=a+oil-run"
        ),
        summary=(
            "{area}{sta}座集气站管理{wells}口气井，过去每站24小时两人值守，共用{n1}人，巡线里程每天{km}公里，抄表、"
            "填报重复劳动多，发现泄漏到关断平均要{t1}分钟。职工自己动手把分散的仪表、{cam}路视频和可燃气体探头接到"
            "一个平台：站内浓度超过{ppm}%爆炸下限时自动关断进站阀并提示最近的巡检组；巡检由“每站坐班”改为“中心值"
            "守、片区流动、重点井{hour}小时一看”，巡检路线按风险高低自动排序，电子工单闭环。先在一座站平行运行三个"
            "月再推广。优化后值守人员由{n1}人减为{m}人，分流到修井和培训岗位，异常处置时间缩短到{t2}分钟，自查隐患"
            "及时消除{near1}项，已平稳运行{days}天。"
        ),
        innovation=(
            "不是简单撤人，而是把“人盯站”改为“系统盯、人流动”，用风险排序决定巡检路线；联锁关断在前、人员到场在后。"
        ),
        basis=(
            "减少值守{k}人，按每人每年{wage}万元计{a}万元；节约抄表交通等费用{oil}万元；扣除通信和维护费{run}万元。"
            "合计每年{wan}万元。"
        ),
    ),
)
