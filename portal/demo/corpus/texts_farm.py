"""Achievements of farms."""

from portal.demo.corpus.template import Template

FARM = (
    Template(
        key="farm-seedling",
        kind="small_renovation",
        category="process",
        trades=("farm",),
        title="{crop}穴盘育苗基质配比与{way}壮苗技术改进",
        blanks=(
            "crop=辣椒|番茄|茄子|旱地西瓜|甘蓝; way=控温控水|低温炼苗|潮汐灌溉|分级移盘; sheds=6..18; "
            "hole=72..128/56; peat1=60..70/5; peat2=20..25/5; mush=35..40/5; rate1=78..83; up=11..14; "
            "rate2:=rate1+up; days1=52..60; days2=42..48; cm=12..16; temp=12..15; live1=86..90; live2=97..99; "
            "ec=1.2..1.8/0.1; farm=60..240/10; tray=3.2..6.8/0.2; cut=1.4..2.2/0.1; a:=tray*cut; "
            "more:=tray*hole*up/100; pp=0.28..0.42/0.02; b:=more*pp; wan:=a+b"
        ),
        summary=(
            "合作社有育苗棚{sheds}座，用{hole}孔穴盘育{crop}苗，基质中外购草炭占{peat1}%，价格年年涨，遇到连阴天容"
            "易徒长，成苗率只有{rate1}%，从播种到出棚要{days1}天，农户反映移栽后缓苗慢。本成果用当地食用菌的菌渣堆"
            "沤腐熟后代替草炭，菌渣占{mush}%、草炭减到{peat2}%，其余为蛭石和珍珠岩，电导率控制在每厘米{ec}毫西门子"
            "以内；出苗后按叶龄{way}，夜温由高到低逐级降到{temp}摄氏度，苗高控制在{cm}厘米；病弱苗在两叶期就挑出补"
            "齐，同盘整齐上市。每批留样记录，写成一张农户看得懂的管理表。改进后成苗率提高到{rate2}%，育苗期缩短到"
            "{days2}天，移栽成活率由{live1}%提高到{live2}%，带动{farm}户订苗。"
        ),
        innovation=("把没人要的菌渣变成育苗基质，草炭用量减少一半以上；靠夜温和水分控苗，不用矮壮素，苗子移栽后不僵。"),
        basis=(
            "全年育苗{tray}万盘，每盘基质节约{cut}元，计{a}万元；多出合格商品苗{more}万株，每株净收益{pp}元，计{b}"
            "万元。合计每年{wan}万元。"
        ),
    ),
    Template(
        key="farm-pig-air",
        kind="small_design",
        category="equipment",
        trades=("farm",),
        title="{house}冬季热回收通风与刮粪联动装置",
        blanks=(
            "house=保育猪舍|育肥猪舍|羔羊舍; sheds=3..8; head=420..1600/20; nh1=26..38; nh2=8..12; t1=14..17; "
            "t2=20..23; die1=5.2..7.4/0.2; dcut=2.2..3.4/0.2; die2:=die1-dcut; rate=58..68; times=3..5; "
            "coal1=46..92/2; ccut=24..36/2; fan=2..4; cost=1.6..3.2/0.2; days=120..170/10; coalp=0.09..0.13/0.01; "
            "a:=ccut*coalp; med=1.8..4.6/0.2; grow=6.2..15.8/0.4; wan:=a+med+grow"
        ),
        summary=(
            "{house}共{sheds}栋，每栋存栏{head}头（只），冬天怕冷就把风机停掉，舍内氨气到每立方米{nh1}毫克，人进去"
            "睁不开眼；一开风机，舍温又掉到{t1}摄氏度，呼吸道病多发，冬季死淘率{die1}%，取暖烧煤{coal1}吨。本成果用"
            "阳光板和镀锌管自制逆流换热箱，排出的热空气在管外、进来的冷空气在管内，热回收率{rate}%，每栋安装{fan}台，"
            "费用{cost}万元；换热箱底部留斜坡和排水口，结霜时自动停进风化霜；刮粪机由一天两次改为{times}次，刮粪前"
            "先提风量、刮完再降，由一个时间控制器联动，粪尿分离后进堆肥场。运行{days}天，氨气降到每立方米{nh2}毫克，"
            "舍温保持{t2}摄氏度，死淘率降到{die2}%，少烧煤{ccut}吨。"
        ),
        innovation=(
            "通风与保温不再是“二选一”，用排风的热预热进风；刮粪与风量联动，在氨气冒出来的时候把它抽走；全部用常见"
            "材料自制。"
        ),
        basis=(
            "少烧煤{ccut}吨，每吨{coalp}万元，计{a}万元；减少用药和消毒支出{med}万元；死淘减少、出栏提前增收{grow}"
            "万元。合计每年{wan}万元。"
        ),
    ),
    Template(
        key="farm-film",
        kind="small_invention",
        category="environment_energy",
        trades=("farm",),
        title="{crop}田残膜捡拾与{job}一体机的研制",
        blanks=(
            "crop=谷子|玉米|马铃薯|红薯; job=根茬粉碎|起垄整地|秸秆归行; width=1.2..1.6/0.1; tooth=28..46/2; "
            "rate1=45..58; rate2=86..92; left1=4.8..7.2/0.2; left2=0.8..1.4/0.1; mui=0.5..0.8/0.1; times=12..18; "
            "mu:=mui*times; total=620..2400/20; hp=30|35|40|50; soil1=48..60; soil2=12..18; coop=3..9; "
            "kgs:=left1-left2; film:=total*kgs/1000"
        ),
        summary=(
            "丘陵地{crop}多用地膜覆盖，秋后残膜和根茬缠在一起，一个人一天只能捡{mui}亩，捡拾率{rate1}%，大部分翻进"
            "地里，耕层残膜每亩已有{left1}公斤，影响出苗和扎根；大型捡膜机转不开、上不了坡，捡起的膜里带土{soil1}%，"
            "回收站不收。本成果以{hp}马力四轮拖拉机为动力，幅宽{width}米，前面用浅松铲把膜托起，中间{tooth}根弹齿滚"
            "筒挑膜，遇石块弹齿自动后让，后面抖土筛把土和根茬抖落，同时完成{job}，膜由卸膜板推入网箱。弹齿用旧搂草"
            "机改制，坏了单根更换。在梯田、坡地试验三轮后定型。一台一天作业{mu}亩，是人工的{times}倍，捡拾率达到"
            "{rate2}%，膜中含土降到{soil2}%，当年作业{total}亩，耕层残膜降到每亩{left2}公斤。"
        ),
        innovation=(
            "弹齿能让石块，适合山地；捡膜与整地一次下地完成，农户不用多花一遍油钱；先抖土再收膜，回收站愿意收。"
        ),
        social=(
            "当年回收残膜约{film}吨，{total}亩耕地的白色污染得到治理；机具结构简单，已有{coop}个合作社照图制作；省"
            "去弯腰捡膜的苦活，留守老人也能把地种好。"
        ),
    ),
    Template(
        key="farm-mushroom",
        kind="small_creation",
        category="cost_management",
        trades=("farm",),
        title="{kind}菌棒余热灭菌与{tool}周转架的制作",
        blanks=(
            "kind=香菇|平菇|黑木耳|灵芝; tool=移动式|折叠式|轨道式; sticks=12..38/2; bad1=6.5..9.5/0.5; "
            "bcut=4.0..5.5/0.5; bad2:=bad1-bcut; hour1=26..32; hour2=16..20; men1=8..11; cutm=3..4; "
            "men2:=men1-cutm; temp=98..102; move1=4; move2=1; fuel1=0.32..0.40/0.02; fcut=0.10..0.14/0.02; "
            "fuel2:=fuel1-fcut; hold=480..960/20; house=20..86/2; a:=sticks*fcut; lost=0.9..1.6/0.1; "
            "lostn:=sticks*bcut/100; b:=lostn*lost; wage=1.6..2.4/0.1; c:=cutm*wage; wan:=a+b+c"
        ),
        summary=(
            "基地每年制作{kind}菌棒{sticks}万棒，原用常压灶灭菌，一锅要烧{hour1}小时，热气从锅盖四周跑掉，冷点温度"
            "上不去，杂菌污染率{bad1}%；菌棒从装袋到进棚要人工搬{move1}次，袋子被扎破的不少，用工{men1}人。本成果把"
            "两口灶用管道并联，前一锅降温时的余热蒸汽引去预热后一锅，锅内加装布汽管和回水槽，各层温差小，料心达到"
            "{temp}摄氏度后开始计时；焊制{tool}周转架，每架放{hold}棒，装袋后直接上架，灭菌、冷却、接种都在架上，只"
            "在进棚时下架；架脚包胶，不扎袋子。改进后一锅时间缩短到{hour2}小时，每棒燃料费由{fuel1}元降到{fuel2}元，"
            "污染率降到{bad2}%，搬动减为{move2}次，用工减到{men2}人，辐射带动{house}户菇农。"
        ),
        innovation=(
            "两灶轮流供热，余热不出门；菌棒“一架到底”，少一次搬动就少一次扎袋和污染；材料是旧角钢和旧轮子，农户自"
            "己能焊。"
        ),
        basis=(
            "菌棒{sticks}万棒，每棒节约燃料{fcut}元，计{a}万元；少报废菌棒{lostn}万棒，每棒{lost}元，计{b}万元；旺"
            "季少用{cutm}人，每人{wage}万元，计{c}万元。合计每年{wan}万元。"
        ),
    ),
)
